"""`python -m tests.delivery.audit PIP-AUDIT LOCK…`: known vulnerabilities of what the locks name.

0: none known. 1: some, and they are printed. 2: nobody could be asked, which says nothing about
them; pip-audit itself ends well when an index knows no vulnerabilities at all, as a mirror does.
"""

import json
import subprocess
import sys
from collections.abc import Sequence


def main(program: str, locks: Sequence[str]) -> int:
    given = [word for lock in locks for word in ("--requirement", lock)]
    # The locks are whole and hashed: nothing is resolved, nothing is installed.
    words = [program, "--disable-pip", "--no-deps", "--progress-spinner", "off", "-f", "json"]
    done = subprocess.run([*words, *given], capture_output=True, text=True)
    try:
        found = json.loads(done.stdout)["dependencies"]
    except json.JSONDecodeError:
        return not_done(done.stderr[-600:])
    for package in found:
        for each in package.get("vulns", ()):
            fixed = ", ".join(each["fix_versions"]) or "no version yet"
            name = f"{package['name']} {package['version']}"
            sys.stdout.write(f"{name}: {each['id']}, mended in {fixed}\n")
    skipped = [package["name"] for package in found if "skip_reason" in package]
    if skipped:
        return not_done(f"nothing is known of {len(skipped)} of {len(found)}, such as {skipped[0]}")
    sys.stdout.write(f"audit: {len(found)} packages\n")
    return done.returncode


def not_done(why: str) -> int:
    sys.stderr.write(
        f"{why}\naudit: NOT DONE. The database of vulnerabilities cannot be reached from here; run"
        " it where it can, with this tree.\n"
    )
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
