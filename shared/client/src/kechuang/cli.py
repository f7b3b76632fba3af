"""The `kechuang` command."""

from importlib.metadata import entry_points

import typer

from kechuang.clients import app as clients_app
from kechuang.events import app as events_app
from kechuang.plan.commands import app as plan_app

app = typer.Typer(
    name="kechuang",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Runs the programme from the command line, through the public API.",
)
app.add_typer(plan_app, name="plan")
app.add_typer(events_app, name="events")
app.add_typer(clients_app, name="clients")
# What operators have besides the public API, where that is installed.
for extra in entry_points(group="kechuang.commands"):
    app.add_typer(extra.load(), name=extra.name)


@app.callback()
def main() -> None:
    """Kechuang: targets, money, parks and supervision in one closed loop."""


if __name__ == "__main__":
    app()
