"""`python -m gateway …`: the common verbs, `seed-clients`, `merged`, `published`, `http-files`,
`permissions`."""

import argparse
import asyncio
import json
import sys
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from servicekit import cli
from servicekit.db import Database
from servicekit.messaging.bootstrap import Durables
from servicekit.problems import Problem

from gateway.clients import service as clients
from gateway.clients.schemas import ClientSeed
from gateway.document import http_files, permissions
from gateway.document.breaking import announced, breaking_changes
from gateway.document.domain import Document, DocumentClash, merge
from gateway.document.service import read_snapshots
from gateway.main import MIGRATIONS, build, own_document
from gateway.settings import GatewaySettings
from gateway.tokens.keys import new_key
from gateway.worker import CONSUMES, build_worker

SERVICE = cli.Service(
    name="gateway",
    load_settings=GatewaySettings.load,
    build_app=build,
    build_worker=build_worker,
    migrations=MIGRATIONS,
    durables=Durables(publisher=None, consumes=CONSUMES),
)


def seed_clients(arguments: list[str]) -> int:
    """Make or update the clients listed in a JSON file."""
    parser = argparse.ArgumentParser(prog="python -m gateway seed-clients")
    parser.add_argument("file", type=Path, help="[{client_id, client_secret, roles, unit, scopes}]")
    file: Path = parser.parse_args(arguments).file
    try:
        seeds = TypeAdapter(list[ClientSeed]).validate_json(file.read_bytes())
        fresh = asyncio.run(_seed(GatewaySettings.load(), seeds))
    except (OSError, ValidationError, Problem) as error:
        sys.stderr.write(f"{file}: {error}\n")
        return 1
    sys.stdout.write(f"clients {len(seeds)}, new secrets {fresh}\n")
    return 0


async def _seed(settings: GatewaySettings, seeds: list[ClientSeed]) -> int:
    async with Database(settings.database_url) as database, database.session() as session:
        return await clients.seed(session, seeds)


def merged(arguments: list[str]) -> int:
    """Write the merged document of the committed snapshots; fail when they do not fit."""
    parser = argparse.ArgumentParser(prog="python -m gateway merged")
    parser.add_argument("directory", type=Path, help="holds <service>/openapi.json")
    directory: Path = parser.parse_args(arguments).directory
    try:
        return write(merge_snapshots(directory))
    except DocumentClash as error:
        sys.stderr.write(f"{error}\n")
        return 1


def merge_snapshots(directory: Path) -> Document:
    """The document of `<service>/openapi.json` below a directory and the gateway's own part.

    Raises:
        DocumentClash: they do not fit.
    """
    return merge({**read_snapshots(directory), "gateway": own()}, GatewaySettings().version)


def write_http_files(arguments: list[str]) -> int:
    """Write the document's calls for HTTP clients; with `--check` only say whether they are
    current."""
    parser = argparse.ArgumentParser(prog="python -m gateway http-files")
    parser.add_argument("directory", type=Path, help="holds <service>/openapi.json")
    parser.add_argument("target", type=Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    wanted = http_files.files(merge_snapshots(options.directory))
    if not options.check:
        http_files.write(options.target, wanted)
    elif http_files.present(options.target) != wanted:
        sys.stderr.write(f"{options.target} is not current: make openapi\n")
        return 1
    return 0


def write_permissions(arguments: list[str]) -> int:
    """Write who may do what; with `--check` only say whether the page is current."""
    parser = argparse.ArgumentParser(prog="python -m gateway permissions")
    parser.add_argument("directory", type=Path, help="holds <service>/openapi.json")
    parser.add_argument("file", type=Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    wanted = permissions.text(merge_snapshots(options.directory))
    file: Path = options.file
    if not options.check:
        file.write_text(wanted)
    elif not file.exists() or file.read_text() != wanted:
        sys.stderr.write(f"{file} is not current: make openapi\n")
        return 1
    return 0


def published(arguments: list[str]) -> int:
    """Compare the merged document with the published one, or take its place with `--write`."""
    parser = argparse.ArgumentParser(prog="python -m gateway published")
    parser.add_argument("directory", type=Path, help="holds <service>/openapi.json")
    parser.add_argument("file", type=Path, help="the document as it was published last")
    parser.add_argument("--write", action="store_true", help="publish this one, if nothing breaks")
    chosen = parser.parse_args(arguments)
    document = merge_snapshots(chosen.directory)
    text = chosen.file.read_text() if chosen.file.exists() else to_text(document)
    before = json.loads(text)
    breaks = [] if announced(before, document) else breaking_changes(before, document)
    for one in breaks:
        sys.stderr.write(f"breaks clients of {before['info']['version']}: {one}\n")
    if chosen.write and not breaks:
        chosen.file.write_text(to_text(document))
    elif not breaks and text != to_text(document):
        sys.stderr.write(f"{chosen.file} is not current: make openapi\n")
        return 1
    return 1 if breaks else 0


def own() -> Document:
    """The gateway's part; no token is signed, so a throwaway key does."""
    return own_document(build(GatewaySettings(signing_key=new_key())))


def write(document: Document) -> int:
    sys.stdout.write(to_text(document))
    return 0


def to_text(document: Document) -> str:
    """As it is committed: two documents that are alike differ in no line."""
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def main(arguments: list[str]) -> int:
    match arguments:
        case ["seed-clients", *rest]:
            return seed_clients(rest)
        case ["merged", *rest]:
            return merged(rest)
        case ["published", *rest]:
            return published(rest)
        case ["http-files", *rest]:
            return write_http_files(rest)
        case ["permissions", *rest]:
            return write_permissions(rest)
        case ["openapi"]:
            return write(own())
    return cli.main(SERVICE, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
