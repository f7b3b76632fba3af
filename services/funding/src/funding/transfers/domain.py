"""Between which lines budget may be transferred."""

from servicekit.problems import FieldError, Unprocessable


class SameLine(Unprocessable):
    code = "same_line"
    zh = "调出与调入不能是同一预算科目"
    en = "A line cannot be transferred to itself"


class DifferentYears(Unprocessable):
    code = "different_years"
    zh = "只能在同一财政年度内调剂；跨年度请办理结转"
    en = "Transfers stay within a fiscal year; between years money is carried over"


class DocumentRequired(Unprocessable):
    code = "document_required"
    zh = "在专项资金之间调剂须有批准文号"
    en = "A transfer between funds needs the number of the document that permits it"


def check_lines(
    lines: tuple[object, object],
    years: tuple[int, int],
    funds: tuple[str, str],
    document_no: str | None,
) -> None:
    """Raises `SameLine`, `DifferentYears` or `DocumentRequired`."""
    if lines[0] == lines[1]:
        raise _at("/to_budget_id", SameLine)
    if years[0] != years[1]:
        raise _at("/to_budget_id", DifferentYears)
    if funds[0] != funds[1] and document_no is None:
        raise _at("/document_no", DocumentRequired)


def _at(pointer: str, kind: type[Unprocessable]) -> Unprocessable:
    return kind(errors=(FieldError(pointer, kind.code, kind.zh, kind.en),))
