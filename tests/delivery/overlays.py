"""`python -m tests.delivery.overlays TOOLS`: every overlay for Kubernetes is built by kustomize and
what comes out is what Kubernetes takes, without a cluster. `TOOLS` is where the programs are.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

OVERLAYS = Path(__file__).parents[2] / "deploy/kubernetes/overlays"
OTHERS = "Couldn't find schema for kind Cluster with api version postgresql.cnpg.io/v1"
"""The one kind that is an operator's."""
DEFECT = """apiVersion: v1
kind: Service
metadata: {name: defect}
spec: {prots: []}
"""


def complaints(tools: Path, text: str) -> list[str]:
    """What is wrong with these documents."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(text)
        file.flush()
        words = [str(tools / "kubernetes-validate"), "--strict", "--quiet", file.name]
        done = subprocess.run(words, capture_output=True, text=True)
    lines = [line for line in (done.stdout + done.stderr).splitlines() if OTHERS not in line]
    return lines or ["refused"] * (done.returncode != 0)


def main(tools: Path) -> int:
    if not complaints(tools, DEFECT):
        sys.exit("a field that there is not is not found")
    for overlay in sorted(OVERLAYS.iterdir()):
        words = [str(tools / "kubectl"), "kustomize", str(overlay)]
        built = subprocess.run(words, check=True, capture_output=True, text=True).stdout
        if wrong := complaints(tools, built):
            sys.stdout.write(f"{overlay.name}: " + "\n".join(wrong) + "\n")
            return 1
        sys.stdout.write(f"kustomize: {overlay.name}, {built.count(chr(10) + 'kind: ')} objects\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
