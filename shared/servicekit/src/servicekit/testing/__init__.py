"""Help for tests: real Postgres and NATS, tokens, a client that speaks to an app in-process."""
