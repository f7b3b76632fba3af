"""Why a number changed after its period had been closed."""


def cause_of(source_kind: str, period_state: str) -> str:
    """A ruling, a formula or a feed speaks for itself; a report came in by an exception while the
    period was closed, or because it was opened again."""
    if source_kind != "reported":
        return source_kind if source_kind in ("ruling", "derived") else "feed"
    return "exception" if period_state == "closed" else "reopened"
