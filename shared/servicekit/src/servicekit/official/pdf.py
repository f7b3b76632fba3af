"""An official document as PDF (and its pages as pictures), with its fonts in it."""

from pathlib import Path

import orjson
import typst

from servicekit.official.document import OfficialDocument, as_data
from servicekit.official.fonts import MOUNTED, chosen, fonts

_LAYOUT = Path(__file__).with_name("layout.typ")


def render(document: OfficialDocument, mounted: Path = MOUNTED) -> bytes:
    """The PDF; the same document gives the same bytes. Takes some tenths of a second of a core:
    call it in a thread."""
    made = typst.compile(
        _LAYOUT, format="pdf", sys_inputs=_inputs(document, mounted), font_paths=fonts(mounted),
        timestamp=0,
    )  # fmt: skip
    assert isinstance(made, bytes)
    return made


def pictures(
    document: OfficialDocument, *, ppi: float = 72, mounted: Path = MOUNTED
) -> list[bytes]:
    """Its pages as PNG, `ppi` pixels an inch."""
    made = typst.compile(
        _LAYOUT, format="png", sys_inputs=_inputs(document, mounted), font_paths=fonts(mounted),
        ppi=ppi,
    )  # fmt: skip
    return made if isinstance(made, list) else [made]


def _inputs(document: OfficialDocument, mounted: Path) -> dict[str, str]:
    return {
        "document": orjson.dumps(as_data(document)).decode(),
        "fonts": orjson.dumps(chosen(mounted)).decode(),
    }
