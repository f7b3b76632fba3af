"""The options every command that calls the API shares."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from kechuang.client import ApiError, Client, Credentials, CredentialsError, Unreachable
from kechuang.client.credentials import DEFAULT_URL

Url = Annotated[
    str, typer.Option(envvar="KECHUANG_URL", help=f"Address of the gateway ({DEFAULT_URL}).")
]
ClientsFile = Annotated[
    Path | None, typer.Option(help="clients.json; else KECHUANG_CLIENT_ID and _SECRET are used.")
]
Role = Annotated[str, typer.Option(help="Which client of the clients file.")]
Language = Annotated[
    str, typer.Option("--lang", envvar="KECHUANG_LANG", help="zh or en; by default the locale's.")
]


def language_of(given: str) -> str:
    """`zh` or `en`: as given, else by the locale of the terminal."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return "zh" if (given or locale or "").lower().startswith("zh") else "en"


@contextmanager
def connect(url: str, clients: Path | None, role: str, language: str) -> Iterator[Client]:
    """A client for one command; what goes wrong is told in words and ends it with status 2."""
    try:
        if clients is not None:
            credentials = Credentials.from_file(clients, role)
        else:
            credentials = Credentials.from_environment()
        with Client(url or DEFAULT_URL, credentials, language=language_of(language)) as client:
            yield client
    except (ApiError, CredentialsError, Unreachable) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from None
