"""Joining the services' OpenAPI documents: everything once, nothing in two shapes."""

from collections.abc import Iterator, Mapping
from typing import Any

from servicekit.problems import Unavailable

Document = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
TITLE = "Kechuang 科创"
DESCRIPTION = (
    "The public API of the city's science & technology innovation programme: targets, funding, "
    "parks and supervision. Every error is `application/problem+json`; lists page by `cursor`; "
    "writes take `Idempotency-Key` and `If-Match`."
)

IMPRINT: Document = {
    "contact": {"name": "Programme office 科技自主创新工程指挥部办公室"},
    "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
}


class DocumentClash(Unavailable):
    """Two services' documents do not fit together: one name, two meanings."""

    code = "document_clash"
    zh = "各服务的接口文档相互冲突：{what}"
    en = "The documents of the services contradict each other: {what}"
    retry_after = None


def merge(documents: Mapping[str, Document], version: str) -> Document:
    """One document of all. The services' order does not matter.

    Raises:
        DocumentClash: a path or an operationId is there twice, or a component has two shapes.
    """
    merged: Document = {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": version, "description": DESCRIPTION, **IMPRINT},
        "servers": [{"url": "/"}],
        "tags": [],
        "paths": {},
        "components": {},
        "security": [],
        "x-permissions": {},
    }
    owners: dict[str, str] = {}
    for service in sorted(documents):
        document = documents[service]
        _add_paths(merged, owners, service, document)
        _add_components(merged, owners, service, document)
        _add_permissions(merged, owners, service, document)
        known = {tag["name"] for tag in merged["tags"]}
        merged["tags"] += [tag for tag in _tags(document) if tag["name"] not in known]
    merged["paths"] = dict(sorted(merged["paths"].items()))
    merged["tags"].sort(key=lambda tag: tag["name"])
    # Any one of them lets in.
    merged["security"] = [{name: []} for name in merged["components"].get("securitySchemes", {})]
    return merged


def _claim(owners: dict[str, str], what: str, service: str) -> None:
    owner = owners.setdefault(what, service)
    if owner != service:
        raise DocumentClash(what=f"{what} ({owner}, {service})")


def _add_paths(merged: Document, owners: dict[str, str], service: str, document: Document) -> None:
    for path, item in document.get("paths", {}).items():
        _claim(owners, f"path {path}", service)
        for operation in _operations(item):
            name = f"operationId {operation['operationId']}"
            if name in owners:
                raise DocumentClash(what=f"{name} ({owners[name]}, {service})")
            owners[name] = service
        merged["paths"][path] = item


def _add_components(
    merged: Document, owners: dict[str, str], service: str, document: Document
) -> None:
    for kind, members in document.get("components", {}).items():
        kept = merged["components"].setdefault(kind, {})
        for name, shape in members.items():
            if kept.setdefault(name, shape) != shape:
                raise DocumentClash(what=f"{kind} {name} ({owners[f'{kind} {name}']}, {service})")
            owners.setdefault(f"{kind} {name}", service)


def _add_permissions(
    merged: Document, owners: dict[str, str], service: str, document: Document
) -> None:
    for name, rules in document.get("x-permissions", {}).items():
        _claim(owners, f"permission {name}", service)
        merged["x-permissions"][name] = rules


def _operations(item: Document) -> Iterator[Document]:
    return (item[method] for method in METHODS if "operationId" in item.get(method, {}))


def _tags(document: Document) -> list[Document]:
    """Declared tags, and those that only operations name."""
    tags = {tag["name"]: tag for tag in document.get("tags", [])}
    for item in document.get("paths", {}).values():
        for operation in _operations(item):
            for name in operation.get("tags", []):
                tags.setdefault(name, {"name": name, "description": name})
    return list(tags.values())
