"""Alembic's entry; the work is in servicekit."""

from parks import models
from servicekit.migrations import run_env

run_env(models.metadata)
