"""`python deploy/kubernetes/render.py [--check]`: writes base/<service>.yaml, alike but for the
name: an API, a worker, their address, and a job that migrates before a release.
"""

import sys
from pathlib import Path
from typing import Any

import yaml

BASE = Path(__file__).parent / "base"
SERVICES = ("targets", "funding", "parks", "supervision", "gateway")
PORT, OPS_PORT = 8000, 9000
UID = 10001
OWN = {"gateway": (("OPS_PORT", str(OPS_PORT)),)}
"""Settings of one service alone."""


def metadata(name: str, service: str, part: str) -> dict[str, Any]:
    labels = {
        "app.kubernetes.io/part-of": "kechuang",
        "app.kubernetes.io/name": service,
        "app.kubernetes.io/component": part,
    }
    return {"name": name, "labels": labels}


def container(service: str, verb: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": verb,
        "image": f"kechuang/{service}",
        "args": [verb],
        "envFrom": [{"configMapRef": {"name": "kechuang"}}],
        "env": [
            {"name": f"KECHUANG_{name}", "value": value}
            for name, value in (("NATS_USER", service), *OWN.get(service, ()))
        ],
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "resources": {
            "requests": {"cpu": "100m", "memory": "256Mi"},
            "limits": {"cpu": "2", "memory": "512Mi"},
        },
        "volumeMounts": [
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108 - of this container alone
            {"name": "secrets", "mountPath": "/run/secrets", "readOnly": True},
        ],
    }
    if verb != "migrate":
        at_ops = service == "gateway"
        ports = [{"name": "http", "containerPort": PORT}]
        ports += [{"name": "ops", "containerPort": OPS_PORT}] if at_ops else []
        # Callers are served without the event server.
        probe = {"path": "/readyz/calls", "port": "ops" if at_ops else "http"}
        live = {**probe, "path": "/livez"}
        found |= {
            "ports": ports,
            "readinessProbe": {"httpGet": probe, "periodSeconds": 2, "failureThreshold": 1},
            "startupProbe": {"httpGet": live, "periodSeconds": 3, "failureThreshold": 60},
            "livenessProbe": {"httpGet": live, "periodSeconds": 15, "timeoutSeconds": 10},
        }
    return found


def secrets(service: str, verb: str) -> dict[str, Any]:
    """The volume of what a process may know; only who seals the audit trail has its key."""
    if verb in {"worker", "all"}:
        names = (service, f"{service}-audit")
        sources = [{"secret": {"name": name}} for name in names]
        return {"name": "secrets", "projected": {"sources": sources}}
    secret = f"{service}-migrator" if verb == "migrate" else service
    return {"name": "secrets", "secret": {"secretName": secret}}


def pod(service: str, verb: str) -> dict[str, Any]:
    return {
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": 30,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": UID,
            "runAsGroup": UID,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container(service, verb)],
        "volumes": [
            {"name": "tmp", "emptyDir": {"medium": "Memory", "sizeLimit": "256Mi"}},
            secrets(service, verb),
        ],
    }


def deployment(service: str, verb: str) -> dict[str, Any]:
    name = f"{service}-worker" if verb == "worker" else service
    about = metadata(name, service, verb)
    template = pod(service, verb)
    # Two on one node are lost together.
    template["topologySpreadConstraints"] = [
        {
            "maxSkew": 1,
            "topologyKey": "kubernetes.io/hostname",
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": about["labels"]},
        }
    ]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": about,
        "spec": {
            "replicas": 2,
            # Start first, as deploy/upgrade.sh does on one host.
            "strategy": {
                "type": "RollingUpdate",
                "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0},
            },
            "selector": {"matchLabels": about["labels"]},
            "template": {"metadata": {"labels": about["labels"]}, "spec": template},
        },
    }


def documents(service: str) -> list[dict[str, Any]]:
    serving = "all" if service == "gateway" else "api"
    found = [deployment(service, serving)]
    if service != "gateway":
        found.append(deployment(service, "worker"))
    selector = metadata(service, service, serving)["labels"]
    found.append(
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": metadata(service, service, serving),
            "spec": {
                "selector": selector,
                "ports": [{"name": "http", "port": PORT, "targetPort": "http"}],
            },
        }
    )
    found.append(
        {
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": metadata(service, service, serving),
            "spec": {"maxUnavailable": 1, "selector": {"matchLabels": selector}},
        }
    )
    about = metadata(f"{service}-migrate", service, "migrate")
    template = {"metadata": {"labels": about["labels"]}, "spec": pod(service, "migrate")}
    template["spec"]["restartPolicy"] = "Never"
    found.append(
        {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": about,
            "spec": {"backoffLimit": 3, "template": template},
        }
    )
    return found


def main(*, check: bool) -> int:
    for service in SERVICES:
        text = "# Made by render.py.\n" + yaml.safe_dump_all(documents(service), sort_keys=False)
        file = BASE / f"{service}.yaml"
        if check and (not file.exists() or file.read_text(encoding="utf-8") != text):
            sys.stderr.write(f"{file} is not current: python deploy/kubernetes/render.py\n")
            return 1
        if not check:
            file.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
