"""Postgres and NATS from wheels, run as child processes: for one machine, for tests.

Nothing here is imported by a running service; it needs the `embedded` extra.
"""
