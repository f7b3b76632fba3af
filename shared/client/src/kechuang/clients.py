"""`kechuang clients list | create | rotate | retire | disable | enable`."""

import json
from typing import Annotated, Any

import typer

from kechuang.client import Client
from kechuang.client.api import segment
from kechuang.connection import ClientsFile, Language, Role, Url, connect

app = typer.Typer(
    no_args_is_help=True,
    help="The systems that may call the API; a secret is printed once, when it is made.",
)

ClientId = Annotated[str, typer.Argument(help="The client's id.")]


@app.command("list")
def list_clients(
    disabled: Annotated[
        bool | None, typer.Option("--disabled/--enabled", help="Only those that are.")
    ] = None,
    url: Url = "",
    clients: ClientsFile = None,
    role: Role = "ops",
    language: Language = "",
) -> None:
    """Print the registered clients, one JSON object a line; no secret is among them."""
    with connect(url, clients, role, language) as client:
        for row in client.items("clients", disabled=disabled):
            show(row)


@app.command()
def create(
    client_id: ClientId,
    name: Annotated[str, typer.Option(help="What it is, for people.")],
    grant: Annotated[list[str], typer.Option(help="A role it is to have; may be repeated.")],
    unit: Annotated[str | None, typer.Option(help="The unit it acts for.")] = None,
    scope: Annotated[list[str] | None, typer.Option(help="For the role system.")] = None,
    network: Annotated[list[str] | None, typer.Option(help="Where it may call from.")] = None,
    rate_limit: Annotated[str | None, typer.Option(help="Such as 50/second.")] = None,
    url: Url = "",
    clients: ClientsFile = None,
    role: Role = "ops",
    language: Language = "",
) -> None:
    """Register a client and print it with its secret."""
    body = {
        "client_id": client_id,
        "name": name,
        "roles": grant,
        "unit": unit,
        "scopes": scope or [],
        "allowed_networks": network or [],
        "rate_limit": rate_limit,
    }
    with connect(url, clients, role, language) as client:
        show(client.post("clients", body))


@app.command()
def rotate(
    client_id: ClientId,
    url: Url = "",
    clients: ClientsFile = None,
    role: Role = "ops",
    language: Language = "",
) -> None:
    """Make a second secret and print it. The first one works until it is retired."""
    with connect(url, clients, role, language) as client:
        row = client.post(f"clients/{segment(client_id)}/secrets")
    show(row)
    for old in row["secrets"][:-1]:
        used = old["last_used_at"] or "never"
        typer.echo(
            f"when the client has changed over: kechuang clients retire {client_id}"
            f" {old['secret_id']} (last used {used})",
            err=True,
        )


@app.command()
def retire(
    client_id: ClientId,
    secret_id: Annotated[str, typer.Argument(help="Of the secret that is to end, as listed.")],
    url: Url = "",
    clients: ClientsFile = None,
    role: Role = "ops",
    language: Language = "",
) -> None:
    """End a secret: it gets no token any more."""
    with connect(url, clients, role, language) as client:
        client.request("DELETE", f"clients/{segment(client_id)}/secrets/{segment(secret_id)}")
    typer.echo(f"the secret {secret_id} of {client_id} has ended")


@app.command()
def disable(
    client_id: ClientId,
    url: Url = "",
    clients: ClientsFile = None,
    role: Role = "ops",
    language: Language = "",
) -> None:
    """Lock a client out: no token from now on, and within seconds no call and no open stream."""
    with connect(url, clients, role, language) as client:
        show(step(client, client_id, "disable"))


@app.command()
def enable(
    client_id: ClientId,
    url: Url = "",
    clients: ClientsFile = None,
    role: Role = "ops",
    language: Language = "",
) -> None:
    """Let a client in again, with the secrets it had."""
    with connect(url, clients, role, language) as client:
        show(step(client, client_id, "enable"))


def step(client: Client, client_id: str, action: str) -> Any:
    """The step, based on the version that is there now."""
    path = f"clients/{segment(client_id)}"
    etag = client.request("GET", path).headers["ETag"]
    return client.post(f"{path}/{action}", etag=etag)


def show(row: Any) -> None:
    typer.echo(json.dumps(row, ensure_ascii=False))
