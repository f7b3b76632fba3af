"""`python -m console secrets | streams | plan | kechuang …`: all that is not a service."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from kechuang.cli import app as kechuang
from servicekit import logs

from console import plan, streams
from console.secrets import write_secrets


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m console", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    drawing = verbs.add_parser("secrets", help="draw the secrets that are missing")
    drawing.add_argument("directory", type=Path)
    keeping = verbs.add_parser("streams", help="make the event streams, and again when lost")
    keeping.add_argument("table", type=Path, help="who hears whom: deploy/nats/streams.json")
    planning = verbs.add_parser("plan", help="apply the plan, then stay for `docker compose exec`")
    planning.add_argument("file", type=Path)
    planning.add_argument("--anchor-year", type=int, required=True, help="the plan's Y1")
    return parser.parse_args(arguments)


def main(options: argparse.Namespace) -> int:
    match options.verb:
        case "secrets":
            sys.stdout.write(
                f"secrets in {options.directory}: {write_secrets(options.directory)}\n"
            )
        case "streams":
            logs.configure("streams", "INFO")
            asyncio.run(streams.keep(json.loads(options.table.read_text(encoding="utf-8"))))
        case _:
            plan.apply_and_stay(options.file, options.anchor_year)
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["kechuang"]:
        kechuang(sys.argv[2:])
    sys.exit(main(parse()))
