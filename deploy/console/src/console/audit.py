"""`kechuang audit verify`: whether the audit trails are what they were.

It reads the databases by the accounts that can only read, and needs nobody's leave: neither the API
nor a role. What it compares with are the public keys and the checkpoints that were exported.
"""

import asyncio
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import asyncpg
import typer
from kechuang.connection import Language, language_of
from servicekit.sealing.checkpoint import Keys, read_exported, read_keys
from servicekit.sealing.findings import Finding, Kind
from servicekit.sealing.verify import Report, verify

PUBLIC_KEYS = "audit_public_keys"
READS = "_readonly_url"
SHOWN = 100
"""Findings of one kind and service that are printed one by one; the others are counted."""

SUMMARY = {
    "zh": "{}：记录 {:,}，封存 {:,}，检查点 {:,}，尚未覆盖 {:,}，发现问题 {:,}；每秒 {:,.0f} 条\n",
    "en": "{}: {:,} rows, {:,} seals, {:,} checkpoints, {:,} not yet covered,"
    " {:,} findings; {:,.0f} rows/s\n",
}

app = typer.Typer(no_args_is_help=True, help="The audit trails of the services.")

Secrets = Annotated[
    Path,
    typer.Option(
        envvar="KECHUANG_SECRETS_DIR",
        help=f"Directory with <service>{READS} and {PUBLIC_KEYS}, such as deploy/secrets.",
    ),
]
Checkpoints = Annotated[
    list[Path],
    typer.Option(
        envvar="KECHUANG_AUDIT_CHECKPOINTS",
        help="Exported checkpoints: a directory, or a file of them or of a worker's log.",
    ),
]
Services = Annotated[
    list[str] | None, typer.Option("--service", help="Only this one; may be repeated.")
]


@app.callback()
def main() -> None:
    """The audit trails of the services."""


@app.command("verify")
def verify_trails(
    secrets: Secrets, checkpoints: Checkpoints, services: Services = None, language: Language = ""
) -> None:
    """Compare rows, seals and checkpoints, and name what does not fit. Status 0: all is as it was,
    1: something is not, 2: it could not be looked at."""
    told = language_of(language)
    try:
        keys = read_keys(secrets / PUBLIC_KEYS)
        reports = [
            asyncio.run(verify_one(service, url, checkpoints, keys, told))
            for service, url in addresses(secrets, services).items()
        ]
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from None
    raise typer.Exit(0 if all(report.clean for report in reports) else 1)


def addresses(secrets: Path, services: list[str] | None) -> dict[str, str]:
    """How each service's database is read.

    Raises:
        ValueError: there is none, or not of one that was asked for.
    """
    found = {
        file.name.removesuffix(READS): file.read_text(encoding="utf-8").strip()
        for file in sorted(secrets.glob(f"*{READS}"))
    }
    unknown = set(services or ()) - found.keys()
    if unknown or not found:
        raise ValueError(f"{secrets}: no {READS} of {', '.join(sorted(unknown)) or 'any service'}")
    return {name: url for name, url in found.items() if not services or name in services}


async def verify_one(
    service: str, url: str, checkpoints: list[Path], keys: Keys, language: str
) -> Report:
    """One trail, with its findings and a line of figures."""
    seen: Counter[Kind] = Counter()

    def tell(finding: Finding) -> None:
        seen[finding.kind] += 1
        if seen[finding.kind] <= SHOWN:
            sys.stdout.write(f"{service} {finding.text(language)}\n")

    exported = read_exported(checkpoints)
    report = await verify(service, url, exported, keys.get(service, ()), tell)
    sys.stdout.write(summary(report, language))
    return report


def summary(report: Report, language: str) -> str:
    figures = (
        report.service,
        report.rows,
        report.seals,
        report.checkpoints,
        report.waiting + report.uncovered,
        sum(report.findings.values()),
        report.rows_a_second,
    )
    return SUMMARY[language].format(*figures)
