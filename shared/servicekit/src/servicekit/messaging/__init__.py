"""Events between services: stored with their effect, delivered at least once, applied once.

Postgres is the truth and JetStream a transport that can be rebuilt from the outboxes. On the way
out: `outbox` → `nudge` → `relay` → `publish`, with `reconcile` after every connect. On the way in:
`pull` → `consumer` → `apply` → a service's handler, with `parked` and `replay` for what fails.
"""
