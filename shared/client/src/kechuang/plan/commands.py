"""`kechuang plan validate | diff | apply`."""

from pathlib import Path
from typing import Annotated

import typer

from kechuang.connection import ClientsFile, Language, Role, Url, connect, language_of
from kechuang.plan.apply import apply_changes, plan_changes
from kechuang.plan.bodies import desired_state
from kechuang.plan.diff import Change
from kechuang.plan.errors import PlanInvalid
from kechuang.plan.loader import load_plan
from kechuang.plan.report import (
    change_document,
    change_lines,
    counted,
    error_document,
    error_lines,
    summary,
)
from kechuang.plan.schema import Plan

app = typer.Typer(no_args_is_help=True, help="The programme plan as data.")

File = Annotated[Path, typer.Argument(help="The plan file (YAML).")]
AnchorYear = Annotated[
    int, typer.Option(min=1990, max=2200, help="The calendar year of programme year Y1.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@app.command()
def validate(
    file: File, anchor_year: AnchorYear, as_json: AsJson = False, language: Language = ""
) -> None:
    """Check a plan file; every error with its line, place and reason."""
    plan = _load(file, as_json, language)
    if as_json:
        typer.echo(error_document(str(file), []))
    else:
        total = len(desired_state(plan, anchor_year))
        typer.echo(f"{file}: valid, {total} objects, {anchor_year}–{anchor_year + 2}")


@app.command()
def diff(
    file: File,
    anchor_year: AnchorYear,
    as_json: AsJson = False,
    url: Url = "",
    clients: ClientsFile = None,
    role: Role = "office",
    language: Language = "",
) -> None:
    """Show what an apply would change; nothing is written."""
    apply(file, anchor_year, True, as_json, url, clients, role, language)


@app.command()
def apply(
    file: File,
    anchor_year: AnchorYear,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show the changes.")] = False,
    as_json: AsJson = False,
    url: Url = "",
    clients: ClientsFile = None,
    role: Role = "office",
    language: Language = "",
) -> None:
    """Bring the system to what the plan asks for; a second time changes nothing."""
    plan = _load(file, as_json, language)

    def show(change: Change) -> None:
        if not as_json and change.action != "keep":
            typer.echo("\n".join(change_lines(change)))

    with connect(url, clients, role, language) as client:
        changes = plan_changes(client, plan, anchor_year)
        if dry_run:
            counts = counted(changes)
            for change in changes:
                show(change)
        else:
            counts = apply_changes(client, changes, show)
    if as_json:
        typer.echo(change_document(changes, counts, applied=not dry_run))
        return
    typer.echo(summary(counts) + (" (dry run: nothing was written)" if dry_run else ""))
    if not counts["create"] + counts["change"]:
        typer.echo("nothing to change: the system is as the plan asks")


def _load(file: Path, as_json: bool, language: str) -> Plan:
    try:
        return load_plan(file)
    except PlanInvalid as error:
        if as_json:
            typer.echo(error_document(str(file), error.errors))
        else:
            lines = error_lines(str(file), error.errors, language_of(language))
            typer.echo("\n".join(lines), err=True)
        raise typer.Exit(1) from None
