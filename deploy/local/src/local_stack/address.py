"""Where a running stack answers, left in its data directory for whoever has only that."""

from pathlib import Path

from local_stack.errors import StackFailed
from local_stack.files import write_private

NAME = "address"
OPERATORS = "ops-address"


def write_address(data_dir: Path, url: str, operators: str) -> None:
    """Tell where the gateway is, for callers and for operators."""
    write_private(data_dir / NAME, f"{url}\n")
    write_private(data_dir / OPERATORS, f"{operators}\n")


def forget_address(data_dir: Path) -> None:
    for name in (NAME, OPERATORS):
        (data_dir / name).unlink(missing_ok=True)


def read_address(data_dir: Path) -> str:
    """The gateway's URL.

    Raises:
        StackFailed: nothing runs there.
    """
    try:
        return (data_dir / NAME).read_text("utf-8").strip()
    except FileNotFoundError:
        raise StackFailed(
            f"nothing runs on {data_dir}; start it with `make run` in another terminal, "
            "or name its directory with DATA_DIR=…"
        ) from None
