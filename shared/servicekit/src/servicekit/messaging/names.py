"""How streams, durables, subjects and inboxes are called; derived from the services' names."""

PREFIX = "kechuang"


def stream(publisher: str) -> str:
    """`targets` → `TARGETS`."""
    return publisher.upper()


def subjects(publisher: str) -> str:
    """`targets` → `kechuang.targets.>`."""
    return f"{PREFIX}.{publisher}.>"


def durable(consumer: str, publisher: str) -> str:
    """The durable consumer's name: `funding`, `targets` → `funding__targets`."""
    return f"{consumer}__{publisher}"


def inbox(user: str) -> str:
    """The prefix of the only subjects a user may subscribe to."""
    return f"_INBOX_{user}"


def publisher_of(event_type: str) -> str:
    """`kechuang.targets.unit.changed.v1` → `targets`."""
    return event_type.split(".")[1]


def source(service: str) -> str:
    """The CloudEvents source of a service."""
    return f"/services/{service}"
