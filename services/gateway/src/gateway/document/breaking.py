"""What a new document takes away from those who use the one before.

The rule is that of the reader: a request that was right stays right, and an answer holds at least
what it held. Everything else may be added.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from gateway.document.domain import METHODS, Document

Schema = Mapping[str, Any]

SORTABLE = "x-sortable"
"""The names a list can be sorted by, on its `sort`."""
_LOWER = ("minLength", "minItems", "minimum", "exclusiveMinimum")
_UPPER = ("maxLength", "maxItems", "maximum", "exclusiveMaximum")


def breaking_changes(before: Document, after: Document) -> list[str]:
    """Every break in a few words; none when every client of `before` can use `after`."""
    return [*_Comparison(before, after).run()]


def announced(before: Document, after: Document) -> bool:
    """Whether the version says that clients have to look: a new major version, or before 1.0 a new
    minor one (semver.org, item 4)."""
    old, new = (_version(one) for one in (before, after))
    return new[:1] > old[:1] if old[0] else new[:2] > old[:2]


def _version(document: Document) -> list[int]:
    return [int(part) for part in document["info"]["version"].split(".")]


class _Comparison:
    """Two documents side by side; a pair of schemas that refer to themselves is compared once."""

    def __init__(self, before: Document, after: Document) -> None:
        self._before, self._after = before, after
        self._seen: set[tuple[str, str, bool]] = set()

    def run(self) -> Iterator[str]:
        for path, item in self._before.get("paths", {}).items():
            for method in METHODS:
                if method not in item:
                    continue
                now = self._after.get("paths", {}).get(path, {}).get(method)
                where = f"{method.upper()} {path}"
                if now is None:
                    yield f"{where}: gone"
                else:
                    yield from self._operation(where, item[method], now)

    def _operation(self, where: str, old: Document, new: Document) -> Iterator[str]:
        if old.get("operationId") != new.get("operationId"):
            yield f"{where}: operationId {old.get('operationId')} became {new.get('operationId')}"
        if old.get("x-permission") != new.get("x-permission"):
            yield f"{where}: permission {old.get('x-permission')} became {new.get('x-permission')}"
        yield from self._parameters(where, old, new)
        yield from self._request(where, old.get("requestBody"), new.get("requestBody"))
        yield from self._responses(where, old, new)

    def _parameters(self, where: str, old: Document, new: Document) -> Iterator[str]:
        olds, news = (
            {(p["in"], p["name"].lower()): p for p in one.get("parameters", [])}
            for one in (old, new)
        )
        for key, parameter in olds.items():
            if key not in news:
                yield f"{where}: parameter {key[1]} gone"
            else:
                place = f"{where} parameter {key[1]}"
                yield from self._schema(place, parameter["schema"], news[key]["schema"], asked=True)
                lost = set(parameter.get(SORTABLE, ())) - set(news[key].get(SORTABLE, ()))
                if lost:
                    yield f"{place}: names {sorted(lost)} gone"
        for key, parameter in news.items():
            if parameter.get("required") and not olds.get(key, {}).get("required"):
                yield f"{where}: parameter {key[1]} became required"

    def _request(self, where: str, old: Document | None, new: Document | None) -> Iterator[str]:
        if old is None:
            if new is not None and new.get("required"):
                yield f"{where}: a body became required"
            return
        if new is None:
            yield f"{where}: takes no body any more"
            return
        if new.get("required") and not old.get("required"):
            yield f"{where}: the body became required"
        yield from self._content(f"{where} body", old, new, asked=True)

    def _responses(self, where: str, old: Document, new: Document) -> Iterator[str]:
        for status, answer in old["responses"].items():
            if int(status) >= 400:
                continue
            if status not in new["responses"]:
                yield f"{where}: no answer {status} any more"
                continue
            now = new["responses"][status]
            place = f"{where} {status}"
            for name in answer.get("headers", {}):
                if name not in now.get("headers", {}):
                    yield f"{place}: header {name} gone"
            yield from self._content(place, answer, now, asked=False)

    def _content(self, where: str, old: Document, new: Document, *, asked: bool) -> Iterator[str]:
        for media_type, shown in old.get("content", {}).items():
            now = new.get("content", {}).get(media_type)
            if now is None:
                yield f"{where}: no {media_type} any more"
            else:
                yield from self._schema(
                    where, shown.get("schema", {}), now.get("schema", {}), asked=asked
                )

    def _schema(self, where: str, old: Schema, new: Schema, *, asked: bool) -> Iterator[str]:
        """`asked` for what callers send, where less must not be allowed; else for what they get,
        where less must not be promised."""
        pair = (old.get("$ref", ""), new.get("$ref", ""), asked)
        if pair[0] and pair[1]:
            if pair in self._seen:
                return
            self._seen.add(pair)
            where = pair[0].rpartition("/")[2]
        old, new = self._resolve(self._before, old), self._resolve(self._after, new)
        if asked and ("anyOf" in new or "anyOf" in old):
            yield from self._forms(where, old, new)
            return
        yield from _types(where, old, new, asked=asked)
        yield from _choices(where, old, new, asked=asked)
        if asked:
            yield from _bounds(where, old, new)
        yield from self._fields(where, old, new, asked=asked)
        if "items" in old and "items" in new:
            yield from self._schema(f"{where}[]", old["items"], new["items"], asked=asked)

    def _forms(self, where: str, old: Schema, new: Schema) -> Iterator[str]:
        """What may be sent in several forms: each that could be has to fit one of those now."""
        forms = new.get("anyOf", [new])
        for form in old.get("anyOf", [old]):
            for kind in _kinds(form) or [""]:
                one = {**form, "type": kind} if kind else form
                if kind == "null":
                    fits = any("null" in _kinds(each) for each in forms)
                else:
                    fits = not all(self._breaks(where, one, each) for each in forms)
                if not fits:
                    yield f"{where}: {kind or dict(form)} is no form of it any more"

    def _breaks(self, where: str, old: Schema, new: Schema) -> bool:
        """Apart from everything else: what is no break here may be one in another place."""
        apart = _Comparison(self._before, self._after)
        apart._seen = self._seen.copy()
        return any(apart._schema(where, old, new, asked=True))

    def _fields(self, where: str, old: Schema, new: Schema, *, asked: bool) -> Iterator[str]:
        fields, now = old.get("properties", {}), new.get("properties", {})
        for name, field in fields.items():
            if name not in now:
                yield f"{where}: field {name} gone"
            else:
                yield from self._schema(f"{where}.{name}", field, now[name], asked=asked)
        required, needed = set(old.get("required", ())), set(new.get("required", ()))
        if asked:
            for name in sorted(needed - required):
                yield f"{where}: field {name} became required"
        else:
            for name in sorted((required - needed) & now.keys()):
                yield f"{where}: field {name} may be absent now"

    def _resolve(self, document: Document, schema: Schema) -> Schema:
        """The schema a reference leads to; the one choice beside null of a nullable one."""
        while "$ref" in schema:
            found: Any = document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            schema = found
        variants = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
        if len(variants) == 1:
            inner = self._resolve(document, variants[0])
            return {**inner, "type": [*_kinds(inner), "null"]}
        return schema


def _kinds(schema: Schema) -> list[str]:
    kind = schema.get("type", [])
    return [kind] if isinstance(kind, str) else list(kind)


def _types(where: str, old: Schema, new: Schema, *, asked: bool) -> Iterator[str]:
    before, after = set(_kinds(old)), set(_kinds(new))
    lost = before - after if asked else after - before
    if before and after and lost:
        yield f"{where}: type {sorted(before)} became {sorted(after)}"
    if old.get("format") != new.get("format"):
        yield f"{where}: format {old.get('format')} became {new.get('format')}"


def _choices(where: str, old: Schema, new: Schema, *, asked: bool) -> Iterator[str]:
    """A caller may not lose a choice. In answers a new one is no break: clients are told to
    expect values they do not know (docs/api.md)."""
    if not asked or "enum" not in new:
        return
    if "enum" not in old:
        yield f"{where}: any value became one of {new['enum']}"
    elif lost := [one for one in old["enum"] if one not in new["enum"]]:
        yield f"{where}: values {lost} gone"


def _bounds(where: str, old: Schema, new: Schema) -> Iterator[str]:
    for bound in _LOWER:
        if bound in new and new[bound] > old.get(bound, float("-inf")):
            yield f"{where}: {bound} became {new[bound]}"
    for bound in _UPPER:
        if bound in new and new[bound] < old.get(bound, float("inf")):
            yield f"{where}: {bound} became {new[bound]}"
    if "pattern" in new and new["pattern"] != old.get("pattern"):
        yield f"{where}: pattern became {new['pattern']}"
    if new.get("additionalProperties") is False and old.get("additionalProperties") is not False:
        yield f"{where}: unknown fields became refused"
