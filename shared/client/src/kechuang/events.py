"""`kechuang events parked | replay`."""

import json
from typing import Annotated
from uuid import UUID

import typer

from kechuang.connection import ClientsFile, Language, Role, Url, connect

app = typer.Typer(no_args_is_help=True, help="Events that services could not apply.")


@app.command()
def parked(
    publisher: Annotated[str, typer.Option(help="Only events of this service.")] = "",
    url: Url = "",
    clients: ClientsFile = None,
    role: Role = "ops",
    language: Language = "",
) -> None:
    """Print the parked events of all services, one JSON object a line."""
    with connect(url, clients, role, language) as client:
        for event in client.items("parked-events", publisher=publisher or None):
            typer.echo(json.dumps(event, ensure_ascii=False))


@app.command()
def replay(
    service: Annotated[str, typer.Argument(help="The service that could not apply them.")],
    event: Annotated[list[UUID] | None, typer.Option(help="Which; all unless named.")] = None,
    url: Url = "",
    clients: ClientsFile = None,
    role: Role = "ops",
    language: Language = "",
) -> None:
    """Ask a service to apply its parked events again."""
    body = {"service": service, "event_ids": [str(one) for one in event] if event else None}
    with connect(url, clients, role, language) as client:
        answer = client.post("parked-events/replay", body)
    typer.echo(f"replay asked for {answer['requested']} events of {service}")
