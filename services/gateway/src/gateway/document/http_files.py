"""`docs/http`: the document as files for an editor's HTTP client, one a tag, and for Postman.

Both draw a token by client credentials; the secret is filled in by whoever opens them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from gateway.document.calls import FORM, Call, Parameter, calls
from gateway.document.domain import TITLE, Document

COLLECTION = "kechuang.postman_collection.json"
POSTMAN_SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
PAGE = "20"
HEAD = """\
# {tag}: generated from the API document by `make openapi`.
@url = http://127.0.0.1:8000
@client_id = demo-office
@client_secret =
{places}
### A token for the requests below
# @name token
POST {{{{url}}}}/oauth/token
Content-Type: application/x-www-form-urlencoded

grant_type=client_credentials&client_id={{{{client_id}}}}&client_secret={{{{client_secret}}}}
"""
BEFORE_EACH = """\
pm.sendRequest({
  url: pm.variables.get('url') + '/oauth/token',
  method: 'POST',
  body: {mode: 'urlencoded', urlencoded: [
    {key: 'grant_type', value: 'client_credentials'},
    {key: 'client_id', value: pm.variables.get('client_id')},
    {key: 'client_secret', value: pm.variables.get('client_secret')},
  ]},
}, (error, answer) => pm.collectionVariables.set('token', answer.json().access_token));"""


def files(document: Document) -> dict[str, str]:
    """Every file by its name. The token endpoint is a part of each and has none of its own."""
    found = sorted((one for one in calls(document) if one.media_type != FORM), key=by_tag)
    written = {f"{tag}.http": http_file(tag, list(group)) for tag, group in groupby(found, by_tag)}
    text = json.dumps(collection(document, found), ensure_ascii=False, indent=1)
    return {**written, COLLECTION: text + "\n"}


def by_tag(call: Call) -> str:
    return call.tag


def http_file(tag: str, of_tag: list[Call]) -> str:
    """The requests of one tag."""
    places = {one.name: one.value for call in of_tag for one in call.places}
    lines = "".join(f"@{name} = {value}\n" for name, value in places.items())
    head = HEAD.format(tag=tag, places=lines)
    return "\n".join([head, *map(request, of_tag)])


def request(call: Call) -> str:
    """One request: what may be left out of the query is named above it."""
    lines = [f"### {call.summary}"]
    if optional := [one.name for one in call.query if not sent(one)]:
        lines.append(f"# may be narrowed by {', '.join(optional)}")
    path = call.path.replace("{", "{{").replace("}", "}}")
    query = "&".join(f"{one.name}={quote(value_of(one))}" for one in call.query if sent(one))
    lines.append(f"{call.method} {{{{url}}}}{path}{'?' if query else ''}{query}")
    given = headers(call, "{{token.response.body.access_token}}", "{{$guid}}")
    lines += [f"{name}: {value}" for name, value in given]
    if call.body is not None:
        lines += ["", json.dumps(call.body, ensure_ascii=False, indent=2)]
    elif call.file is not None:
        lines += ["", f"< ./{call.file}"]
    return "\n".join([*lines, ""])


def sent(parameter: Parameter) -> bool:
    return parameter.required or parameter.name == "limit"


def value_of(parameter: Parameter) -> str:
    return PAGE if parameter.name == "limit" else parameter.value


def headers(call: Call, token: str, key: str) -> Iterator[tuple[str, str]]:
    """The headers of a call; `If-Match` is to become the ETag of a read."""
    yield "Authorization", f"Bearer {token}"
    yield "Accept-Language", "zh"
    if call.keyed:
        yield "Idempotency-Key", key
    if call.versioned:
        yield "If-Match", '"1"'
    if call.media_type is not None:
        yield "Content-Type", call.media_type


def collection(document: Document, found: Iterable[Call]) -> Document:
    """A Postman collection (format 2.1), a folder a tag; it draws a token before each request."""
    variables = {
        "url": "http://127.0.0.1:8000",
        "client_id": "demo-office",
        "client_secret": "",
        "token": "",
    }
    return {
        "info": {"name": TITLE, "version": document["info"]["version"], "schema": POSTMAN_SCHEMA},
        "variable": [{"key": key, "value": value} for key, value in variables.items()],
        "event": [
            {
                "listen": "prerequest",
                "script": {"type": "text/javascript", "exec": BEFORE_EACH.splitlines()},
            }
        ],
        "item": [
            {"name": tag, "item": [item(call) for call in group]}
            for tag, group in groupby(found, by_tag)
        ],
    }


def item(call: Call) -> Document:
    """One request of the collection."""
    path = call.path.replace("{", ":").replace("}", "")
    asked: dict[str, Any] = {
        "method": call.method,
        "header": [
            {"key": name, "value": value} for name, value in headers(call, "{{token}}", "{{$guid}}")
        ],
        "url": {
            "raw": f"{{{{url}}}}{path}",
            "host": ["{{url}}"],
            "path": path.strip("/").split("/"),
            "query": [
                {"key": one.name, "value": value_of(one), "disabled": not sent(one)}
                for one in call.query
            ],
            "variable": [{"key": one.name, "value": one.value} for one in call.places],
        },
    }
    if call.body is not None:
        raw = json.dumps(call.body, ensure_ascii=False, indent=2)
        asked["body"] = {"mode": "raw", "raw": raw, "options": {"raw": {"language": "json"}}}
    elif call.file is not None:
        asked["body"] = {"mode": "file", "file": {"src": call.file}}
    return {"name": call.summary, "request": asked}


def write(directory: Path, wanted: Mapping[str, str]) -> None:
    """Make the directory hold exactly these files."""
    directory.mkdir(parents=True, exist_ok=True)
    for name in present(directory).keys() - wanted.keys():
        (directory / name).unlink()
    for name, text in wanted.items():
        (directory / name).write_text(text, "utf-8")


def present(directory: Path) -> dict[str, str]:
    """The files that are there, by name."""
    if not directory.is_dir():
        return {}
    return {path.name: path.read_text("utf-8") for path in directory.iterdir()}
