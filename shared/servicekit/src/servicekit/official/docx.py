"""An official document as DOCX, for those who go on writing in it.

It names the fonts the standard asks for; the machine that opens it has them or takes others.
"""

from io import BytesIO
from typing import Any

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as Line
from docx.text.run import Run

from servicekit.official.document import (
    BODY_PT,
    LINES,
    MARGINS_MM,
    RED,
    SMALL_PT,
    TITLE_PT,
    Heading,
    OfficialDocument,
    Paragraph,
    Table,
    chinese_date,
    copies_line,
    paragraphs_of,
    printable,
    recipients_line,
)
from servicekit.official.fonts import NAMED

_HEIGHT_MM, _WIDTH_MM = 225, 156
_TWIPS_MM = 1440 / 25.4
# In whole twips, and rather a little less: 22 lines must not be higher than the page.
_PITCH = Pt(int(_HEIGHT_MM / LINES * 1440 / 25.4) / 20)
_AT_THE_FOOT = {
    "w:leftFromText": "0",
    "w:rightFromText": "0",
    "w:vertAnchor": "margin",
    "w:horzAnchor": "margin",
    "w:tblpXSpec": "left",
    "w:tblpYSpec": "bottom",
}
_BEHIND_GAPS = ("w:spacing", "w:ind", "w:jc", "w:outlineLvl")
_BEHIND_BORDERS = ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
"""What comes later in the order of the format."""
_CLOSER = "-5"
"""Twips between characters: 28 of 16 points would be wider than the line."""


def render(document: OfficialDocument) -> bytes:
    """The file; the same document gives the same text and layout."""
    made = docx.Document()
    _lay_out(made, document)
    _head(made, document)
    for block in document.blocks:
        match block:
            case Heading():
                part = "heading" if block.level == 1 else "subheading"
                line = _line(made, block.text, font=part, indented=True)
                line.paragraph_format.keep_with_next = True
            case Paragraph():
                for text in paragraphs_of(block.text):
                    _line(made, text, indented=True)
            case Table():
                _table(made, block)
    _imprint(made, document)
    _number_pages(made)
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def _lay_out(made: Document, document: OfficialDocument) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side, width in MARGINS_MM.items():
        setattr(section, f"{side}_margin", Mm(width))
    # The upper edge of the number stands 7 mm below the type area.
    section.footer_distance = Mm(MARGINS_MM["bottom"] - 7 - 5)
    normal = made.styles["Normal"]
    _font(normal, "body", BODY_PT)
    closer = OxmlElement("w:spacing")
    closer.set(qn("w:val"), _CLOSER)
    normal.element.get_or_add_rPr().insert_element_before(closer, "w:w", "w:kern", "w:sz", "w:szCs")
    # No gaps of their own between Chinese and figures: a line has its characters.
    for kind in ("w:autoSpaceDE", "w:autoSpaceDN"):
        gap = OxmlElement(kind)
        _set(gap, {"w:val": "0"})
        normal.element.get_or_add_pPr().insert_element_before(gap, *_BEHIND_GAPS)
    properties = made.core_properties
    properties.title, properties.author = printable(document.title), printable(document.issuer)


def _head(made: Document, document: OfficialDocument) -> None:
    if document.note:
        _line(made, document.note, font="heading")
    mark = printable(document.masthead)
    line = _line(
        made, mark, font="title", size=min(46, 420 // max(1, len(mark))), align=ALIGN.CENTER
    )
    line.paragraph_format.space_before = Mm(20 if document.note else 30)
    line.paragraph_format.space_after = _PITCH
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    line.runs[0].font.color.rgb = RGBColor.from_string(RED)
    _line(made, document.number, align=ALIGN.CENTER)
    line = _line(made, f"\u3000{document.issuer}\t{chinese_date(document.issued_on)}")
    _tab_right(line, _WIDTH_MM - 6)
    properties = line._p.get_or_add_pPr()
    border = _edges(properties, "w:pBdr", {"bottom": 12}, RED)
    properties.insert_element_before(border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")
    line.paragraph_format.space_after = _PITCH
    title = _line(made, document.title, font="title", size=TITLE_PT, align=ALIGN.CENTER)
    title.paragraph_format.line_spacing = Pt(34)
    title.paragraph_format.space_after = _PITCH
    if document.recipients:
        _line(made, recipients_line(document))


def _line(
    made: Any,
    text: str,
    *,
    font: str = "body",
    size: float = BODY_PT,
    align: Any = None,
    indented: bool = False,
) -> Line:
    line = made.add_paragraph()
    form = line.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, _PITCH
    if align is not None:
        form.alignment = align
    if indented:
        form.first_line_indent = Pt(2 * size)
    _font(line.add_run(printable(text) if "\t" not in text else text), font, size)
    return line


def _font(of: Any, part: str, size: float) -> None:
    """`of` is a run or a style. Chinese takes the font by its East Asian name."""
    of.font.size, of.font.name = Pt(size), NAMED[part]
    fonts = of.element.get_or_add_rPr().get_or_add_rFonts()
    _set(fonts, {f"w:{kind}": NAMED[part] for kind in ("ascii", "hAnsi", "eastAsia", "cs")})


def _table(made: Document, block: Table) -> None:
    table = made.add_table(rows=0, cols=len(block.head), style="Table Grid")
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    share = _WIDTH_MM / sum(block.widths)
    for column, width in zip(table.columns, block.widths, strict=True):
        column.width = Mm(width * share)
    for number, row in enumerate((block.head, *block.rows)):
        cells = table.add_row().cells
        for cell, text, width in zip(cells, row, block.widths, strict=True):
            cell.width = Mm(width * share)
            line = cell.paragraphs[0]
            line.alignment = ALIGN.CENTER
            _font(line.add_run(printable(text)), "body" if number else "heading", 12)
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    # Two tables that touch are read as one.
    made.add_paragraph().paragraph_format.line_spacing = Pt(SMALL_PT)


def _imprint(made: Document, document: OfficialDocument) -> None:
    """A table at the foot of the last page: a line above, between and below."""
    issued = f"{document.issuer}\t{chinese_date(document.issued_on)}印发"
    texts = [*([copies_line(document)] if document.copies else []), issued]
    table = made.add_table(rows=len(texts), cols=1)
    place = OxmlElement("w:tblpPr")
    _set(place, _AT_THE_FOOT)
    table._tbl.tblPr.insert_element_before(place, "w:tblW")
    lines = {"top": 8, "bottom": 8, "insideH": 6}
    border = _edges(table._tbl.tblPr, "w:tblBorders", lines, "000000")
    table._tbl.tblPr.insert_element_before(border, *_BEHIND_BORDERS)
    for row, text in zip(table.rows, texts, strict=True):
        row.cells[0].width = Mm(_WIDTH_MM)
        line = row.cells[0].paragraphs[0]
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(SMALL_PT)
        _tab_right(line, _WIDTH_MM - 9)
        _font(line.add_run(text), "body", SMALL_PT)
    # A table does not end a document.
    made.add_paragraph().paragraph_format.line_spacing = Pt(1)


def _tab_right(line: Line, at_mm: float) -> None:
    line.paragraph_format.tab_stops.add_tab_stop(Mm(at_mm), WD_TAB_ALIGNMENT.RIGHT)


def _edges(owner: Any, kind: str, sizes: dict[str, int], colour: str) -> Any:
    """The lines around something, in eighths of a point."""
    border = OxmlElement(kind)
    for edge, size in sizes.items():
        side = OxmlElement(f"w:{edge}")
        _set(side, {"w:val": "single", "w:sz": str(size), "w:space": "0", "w:color": colour})
        border.append(side)
    owner.append(border)
    return border


def _number_pages(made: Document) -> None:
    """— 1 —, outside on either side of the sheet."""
    made.settings.odd_and_even_pages_header_footer = True
    section = made.sections[0]
    for footer, align in ((section.footer, ALIGN.RIGHT), (section.even_page_footer, ALIGN.LEFT)):
        footer.is_linked_to_previous = False
        line = footer.paragraphs[0]
        line.alignment = align
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(SMALL_PT)
        _font(line.add_run("— "), "number", SMALL_PT)
        page = line.add_run()
        _font(page, "number", SMALL_PT)
        _field(page, "PAGE")
        _font(line.add_run(" —"), "number", SMALL_PT)


def _field(run: Run, code: str) -> None:
    for kind in ("begin", None, "end"):
        if kind is None:
            part = OxmlElement("w:instrText")
            part.text = code
        else:
            part = OxmlElement("w:fldChar")
            _set(part, {"w:fldCharType": kind})
        run._r.append(part)


def _set(element: Any, values: dict[str, str]) -> None:
    for name, value in values.items():
        element.set(qn(name), value)
