"""Which form of a list the caller asks for (RFC 9110 section 12.5.1)."""

JSON = "application/json"
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

SUFFIX = {CSV: "csv", XLSX: "xlsx"}


def wanted_file(accept: str) -> str | None:
    """`CSV` or `XLSX`, if the caller prefers it to JSON; none for JSON, which is also the answer
    to whoever takes anything or nothing that there is."""
    weights = _weights(accept)
    json = max((weights.get(kind, 0.0) for kind in (JSON, "application/*", "*/*")), default=0.0)
    best = max(SUFFIX, key=lambda kind: weights.get(kind, 0.0))
    return best if weights.get(best, 0.0) > (0.0 if JSON not in weights else json) else None


def _weights(accept: str) -> dict[str, float]:
    """Media range → quality; what cannot be read does not count."""
    found: dict[str, float] = {}
    for part in accept.split(","):
        kind, *parameters = [one.strip().lower() for one in part.split(";")]
        quality = next((one[2:] for one in parameters if one.startswith("q=")), "1")
        try:
            found[kind] = float(quality)
        except ValueError:
            continue
    return found
