"""The fonts of official documents: those of the site where it has them, and always usable ones.

A site mounts its licensed fonts (方正小标宋, 仿宋_GB2312, 黑体, 楷体_GB2312) or the free Fandol
ones at `/fonts`. Without them, and for a glyph they lack, Noto Serif SC and Noto Sans SC are taken,
which come as a package: nothing has to be installed on the machine.
"""

from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn as noto
import typst

MOUNTED = Path("/fonts")
SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
FAMILIES = {
    "title": ["FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "FandolSong", SERIF],
    "body": ["FangSong_GB2312", "FangSong", "FandolFang R", "FandolFang", SERIF],
    "heading": ["SimHei", "FandolHei", SANS],
    "subheading": ["KaiTi_GB2312", "KaiTi", "FandolKai", SERIF],
    "number": ["SimSun", "FandolSong", SERIF],
}
"""What each part is set in: the first family that is there."""
NAMED = {
    "title": "方正小标宋简体",
    "body": "仿宋_GB2312",
    "heading": "黑体",
    "subheading": "楷体_GB2312",
    "number": "宋体",
}
"""What a DOCX asks the reader's machine for."""


@cache
def fonts(mounted: Path = MOUNTED) -> typst.Fonts:
    """All fonts there are; looked for once a process."""
    places = [noto.serif_path().parent, *([mounted] if mounted.is_dir() else [])]
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[*map(str, places)]
    )


@cache
def chosen(mounted: Path = MOUNTED) -> dict[str, list[str]]:
    """The families that are there, by the part they are for, and the packaged ones behind them."""
    there = set(fonts(mounted).families())
    return {
        part: [*(name for name in names if name in there), *({SERIF, SANS} - {*names})]
        for part, names in FAMILIES.items()
    }
