"""Alembic's entry; the work is in servicekit."""

from servicekit.migrations import run_env
from targets import models

run_env(models.metadata)
