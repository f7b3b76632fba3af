"""Settings from the environment (`KECHUANG_*`) or from files (`KECHUANG_SECRETS_DIR`).

A file's name is the setting's name in lower case with the prefix, such as
`kechuang_nats_password`: the way container secrets are mounted.
"""

import os
from pathlib import Path
from typing import Self

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What every service needs. A service adds its own fields in its `settings.py`."""

    model_config = SettingsConfigDict(env_prefix="KECHUANG_", extra="ignore")

    service: str = ""
    version: str = "0.1.0"

    host: str = "127.0.0.1"
    port: int = 8000
    ops_host: str = "127.0.0.1"
    ops_port: int = 0
    """A second listener for `/livez`, `/readyz`, `/version` and `/metrics`, which are then answered
    there only; 0 answers them on `port`, for what no outsider reaches."""
    drain_seconds: float = 0
    """How long a stopping process is not ready and still answers, so that who sends it requests
    can look elsewhere first."""
    log_level: str = "INFO"
    traces_url: str = ""
    """Where spans go, OTLP over HTTP as JSON, such as `http://collector:4318/v1/traces`; none are
    made without."""

    database_url: str = ""
    migrator_database_url: str = ""
    database_pool_size: int = 8
    replica_database_url: str = ""
    """A standby of this database, which answers the reads that declare that they may be a little
    old; without, everything is read where it is written."""
    replica_most_behind: float = 10.0
    """How many seconds old; a standby that lags more is not asked."""

    nats_url: str = ""
    """Of a cluster the addresses of all its servers, separated by commas."""
    nats_user: str = ""
    nats_password: str = ""
    nats_bootstrap_user: str = "bootstrap"
    nats_bootstrap_password: str = ""
    nats_monitor_url: str = ""
    """The NATS server's monitoring address, from which `sync_interval` is read; of a cluster all of
    them, separated by commas."""
    nats_replicas: int = 1
    """On how many servers of a cluster each stream is kept: 3 outlive the loss of one."""

    audit_key: str = ""
    """What signs the checkpoints of the audit trail: PEM, Ed25519. Only a worker has it; without it
    nothing is signed, and the alert for that is raised."""
    audit_directory: str = ""
    """Where signed checkpoints are written besides the log: a directory of another machine."""
    audit_checkpoint_seconds: float = 5
    """Between two checkpoints while rows are added: what is younger could be changed unseen."""

    job_days: int = 30
    """How long a job that ended is kept, with its errors and its files."""

    issuer: str = "http://kechuang.local"
    audience: str = "kechuang"
    jwks_url: str = ""
    """Where the issuer tells its keys; of several gateways each, separated by spaces: a process
    that starts while one of them does not answer asks the next."""
    jwks: str = ""
    """A JWK set as JSON, instead of `jwks_url`."""

    @classmethod
    def load(cls) -> Self:
        """Read the environment; secrets also from the files of `KECHUANG_SECRETS_DIR`."""
        directory = os.environ.get("KECHUANG_SECRETS_DIR")
        if directory and Path(directory).is_dir():
            return cls(_secrets_dir=directory)  # pyright: ignore[reportCallIssue]
        return cls()
