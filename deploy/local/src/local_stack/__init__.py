"""The embedded default: Postgres and NATS from wheels, every service as a child process."""
