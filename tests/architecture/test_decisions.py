"""Every decision has its line in the index, under its own number and title."""

import re
from pathlib import Path

ADR = Path(__file__).parents[2] / "docs" / "adr"


def line(page: Path) -> str:
    number, title = re.fullmatch(
        r"# (\d+)\.? (.+)", page.read_text("utf-8").partition("\n")[0]
    ).groups()  # pyright: ignore[reportOptionalMemberAccess]
    assert int(page.name[:4]) == int(number), page.name
    return f"- [{number}]({page.name}) {title}"


def test_the_index_has_every_decision_by_its_title() -> None:
    told = (ADR / "README.md").read_text("utf-8").splitlines()
    pages = sorted(ADR.glob("[0-9]*.md"))
    assert [one for one in told if one.startswith("- [")] == [line(page) for page in pages]
