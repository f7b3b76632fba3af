"""Pages as GB/T 9704-2012 wants them: measured in the PDF, and read again from the DOCX."""

import os
import shutil
import subprocess
from collections import defaultdict
from datetime import date
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx as reader
import pylopdf_fonts_zh_cn as noto
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader
from servicekit.official import docx, fonts, pdf
from servicekit.official.document import (
    CHARACTERS,
    LINES,
    Heading,
    OfficialDocument,
    Paragraph,
    Table,
)

MM = 72 / 25.4
RARE = "镕喆祎堃犇㎡"
HOSTILE = "#panic() $x$ *粗* <b>&amp;</b> \x07\u202e {{ 1 }} " + "A" * 10_000
Lines = dict[float, list[tuple[float, str]]]


def a_document(*blocks: Any, **fields: Any) -> OfficialDocument:
    given: dict[str, Any] = {
        "masthead": "科技自主创新工程简报",
        "number": "〔2026〕第1期",
        "issuer": "工程指挥部办公室",
        "issued_on": date(2026, 9, 30),
        "title": "关于三季度进展情况的通报",
        "recipients": ["郑州市", "市委", "市政府"],
        "blocks": blocks,
        "copies": ["各责任单位"],
    }
    return OfficialDocument(**given | fields)


def lines_of(page: Any) -> Lines:
    """Height above the page's foot → what stands there, from left to right, in points."""
    found: defaultdict[float, list[tuple[float, str]]] = defaultdict(list)

    def visit(text: str, cm: list[float], tm: list[float], *_: Any) -> None:
        if text.strip():
            x = cm[0] * tm[4] + cm[2] * tm[5] + cm[4]
            y = cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
            found[round(y, 1)].append((x, text.strip()))

    page.extract_text(visitor_text=visit)
    return found


def text_of(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def test_the_pages_are_a4_and_every_font_is_in_the_file() -> None:
    made = pdf.render(
        a_document(Heading("一、进展"), Paragraph("正文。"), Heading("（一）指标", 2))
    )
    names = set[str]()
    page: Any
    for page in PdfReader(BytesIO(made)).pages:
        assert [round(float(side) / MM) for side in page.mediabox[2:]] == [210, 297]
        for font in page["/Resources"].get("/Font", {}).values():
            (below,) = font.get_object()["/DescendantFonts"]
            described = below.get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(described)
            names.add(described["/FontName"].partition("+")[2])
    assert names == {"NotoSerifSC-Regular", "NotoSansSC-Regular"}


def test_a_page_has_22_lines_of_28_characters_inside_its_margins() -> None:
    made = pdf.render(a_document(Paragraph("国" * CHARACTERS * LINES * 3)))
    page = PdfReader(BytesIO(made)).pages[1]
    lines = {y: words for y, words in lines_of(page).items() if "国" in words[0][1]}
    assert len(lines) == LINES
    for words in lines.values():
        assert words[0][0] == pytest.approx(28 * MM, abs=1)
        assert sum(len(text) for _, text in words) == CHARACTERS
    heights = sorted(lines, reverse=True)
    pitch = 225 * MM / LINES
    assert heights[0] == pytest.approx((297 - 37) * MM - 15.75 * 0.88, abs=1)
    for above, below in pairwise(heights):
        assert above - below == pytest.approx(pitch, abs=0.3)
    assert heights[-1] > 35 * MM


def test_pages_are_numbered_on_their_outer_side() -> None:
    made = pdf.render(a_document(Paragraph("国" * CHARACTERS * LINES * 2)))
    sides = []
    for number, page in enumerate(PdfReader(BytesIO(made)).pages, 1):
        marks = {y: words for y, words in lines_of(page).items() if y < 30 * MM}
        if marks:
            (words,) = marks.values()
            assert "".join(text for _, text in words).replace(" ", "") == f"—{number}—"
            sides.append("right" if words[0][0] > 105 * MM else "left")
    assert sides == ["right", "left", "right"]


def test_the_imprint_is_at_the_foot_of_an_even_page() -> None:
    for lines in (1, LINES, LINES * 2):
        made = pdf.render(a_document(Paragraph("国" * CHARACTERS * lines)))
        pages = PdfReader(BytesIO(made)).pages
        assert len(pages) % 2 == 0
        last = lines_of(pages[-1])
        assert "2026年9月30日印发" in pages[-1].extract_text()
        assert 35 * MM < min(y for y in last if y > 30 * MM) < 42 * MM


def test_the_same_document_gives_the_same_bytes() -> None:
    document = a_document(Paragraph("正文。"))
    assert pdf.render(document) == pdf.render(document)


def test_hostile_text_is_text_and_stays_inside_the_margins() -> None:
    blocks = (
        Heading(HOSTILE[:100]),
        Paragraph(HOSTILE),
        Table([HOSTILE[:60]], [[HOSTILE[:200]]], [1]),
    )
    document = a_document(*blocks, title=HOSTILE[:80], masthead=HOSTILE[:40], note=HOSTILE[:30])
    made = pdf.render(document)
    text = text_of(made)
    assert "#panic()" in text
    assert "{{ 1 }}" in text
    for page in PdfReader(BytesIO(made)).pages:
        for words in lines_of(page).values():
            assert min(x for x, _ in words) >= 27 * MM
            assert max(x for x, _ in words) <= 184 * MM
    assert HOSTILE[:8] in "".join(
        p.text for p in reader.Document(BytesIO(docx.render(document))).paragraphs
    )


def test_rare_characters_have_their_glyphs() -> None:
    assert RARE in text_of(pdf.render(a_document(Paragraph(RARE)))).replace("\n", "")


def test_a_site_without_fonts_of_its_own_has_the_packaged_ones(tmp_path: Path) -> None:
    assert fonts.chosen(tmp_path / "none")["body"][0] == fonts.SERIF
    assert fonts.chosen(tmp_path)["heading"][0] == fonts.SANS


def as_libreoffice_sets_it(document: OfficialDocument, folder: Path) -> Any:
    """The pages of the DOCX, with the packaged fonts and no others."""
    (folder / "a.docx").write_bytes(docx.render(document))
    (folder / "fonts.conf").write_text(
        f"<fontconfig><dir>{noto.serif_path().parent}</dir>"
        f"<cachedir>{folder}/fonts</cachedir></fontconfig>"
    )
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(folder), str(folder / "a.docx")]
    environment = os.environ | {"FONTCONFIG_FILE": str(folder / "fonts.conf")}
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=120)
    return PdfReader(folder / "a.pdf").pages


def test_tables_stand_apart_in_the_docx() -> None:
    table = Table(["指标"], [["增加值"]], [1])
    made = reader.Document(BytesIO(docx.render(a_document(table, table))))
    kinds = [each.tag.rpartition("}")[2] for each in made.element.body]
    assert kinds.count("tbl") == 3
    assert ("tbl", "tbl") not in set(pairwise(kinds))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="there is no LibreOffice here")
def test_libreoffice_opens_the_docx_on_pages_of_the_same_measures(tmp_path: Path) -> None:
    blocks = (Heading("一、进展"), Paragraph("国" * CHARACTERS * LINES * 2))
    pages = as_libreoffice_sets_it(a_document(*blocks), tmp_path)
    assert [round(float(side) / MM) for side in pages[1].mediabox[2:]] == [210, 297]
    lines = {y: words for y, words in lines_of(pages[1]).items() if "国" in words[0][1]}
    assert len(lines) == LINES
    assert {sum(len(text) for _, text in words) for words in lines.values()} == {CHARACTERS}
    assert all(words[0][0] == pytest.approx(28 * MM, abs=1) for words in lines.values())


def test_an_empty_document_is_laid_out_as_well() -> None:
    empty = a_document(recipients=(), copies=())
    assert "印发" in text_of(pdf.render(empty))
    assert reader.Document(BytesIO(docx.render(empty))).tables


def test_the_docx_has_the_margins_the_fonts_and_the_text() -> None:
    table = Table(["指标", "实际"], [["增加值", "36.1"]], [2, 1])
    blocks = (Heading("一、进展"), Paragraph("第一段。\n第二段。"), Heading("（一）指标", 2), table)
    made = reader.Document(BytesIO(docx.render(a_document(*blocks))))
    section = made.sections[0]
    lengths: list[Any] = [
        *(section.top_margin, section.bottom_margin, section.left_margin, section.right_margin),
        *(section.page_width, section.page_height),
    ]
    assert [round(length.mm) for length in lengths] == [37, 35, 28, 26, 210, 297]
    named = {line.text: line.runs[0] for line in made.paragraphs if line.runs}
    for text, font, size in (
        ("科技自主创新工程简报", "方正小标宋简体", 42),
        ("关于三季度进展情况的通报", "方正小标宋简体", 22),
        ("郑州市，市委，市政府：", "仿宋_GB2312", 16),
        ("一、进展", "黑体", 16),
        ("（一）指标", "楷体_GB2312", 16),
        ("第二段。", "仿宋_GB2312", 16),
    ):
        run: Any = named[text]
        assert (run._r.rPr.rFonts.get(qn("w:eastAsia")), run.font.size.pt) == (font, size)
    assert str(named["科技自主创新工程简报"].font.color.rgb) == "FF0000"
    shown = [[cell.text for cell in row.cells] for row in made.tables[0].rows]
    assert shown == [["指标", "实际"], ["增加值", "36.1"]]
    last = "".join(cell.text for row in made.tables[-1].rows for cell in row.cells)
    assert "抄送：各责任单位。" in last
    assert "2026年9月30日印发" in last
