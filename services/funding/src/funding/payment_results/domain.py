"""How a result is compared with what was sent, and with what was said before."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from servicekit.problems import Conflict, FieldError, Unprocessable

from funding.disbursements.domain import Outcome

SAID = ("outcome", "paid_on", "reference", "reason")
"""What makes two results of one payment the same."""
WORDS = {
    "成功": Outcome.SUCCEEDED,
    "已支付": Outcome.SUCCEEDED,
    "失败": Outcome.FAILED,
    "退票": Outcome.RETURNED,
    "退回": Outcome.RETURNED,
}
"""How treasuries write an outcome."""
WRONG = {
    "amount": ("wrong_amount", "金额", "amount"),
    "file_sha256": ("wrong_digest", "文件摘要", "digest of the file"),
    "batch_count": ("wrong_total", "批次笔数", "number of payments in the batch"),
    "batch_total": ("wrong_total", "批次金额", "total of the batch"),
}
"""What a result that differs from the file is told; everything else of a line is `wrong_line`."""


class UnlikeTheFile(Unprocessable):
    code = "unlike_the_file"
    zh = "结果与发出的支付文件不符"
    en = "The result differs from the file that was issued"


class RowTwice(Conflict):
    code = "row_twice"
    zh = "同一行在本次提交中出现两次"
    en = "The line is there twice"


class OtherResult(Conflict):
    code = "other_result"
    zh = "该行已登记不同的结果（{known}）"
    en = "Another result of this line is known: {known}"


class Said(Protocol):
    """A result that was recorded."""

    outcome: Any
    request_id: Any


def check_like(given: Mapping[str, Any], issued: Mapping[str, Any]) -> None:
    """Raises `UnlikeTheFile` with every field that is given and is not as it was issued."""
    errors: list[FieldError] = []
    for name, value in issued.items():
        if given[name] in (None, value, f"'{value}"):
            continue
        code, zh, en = WRONG.get(name, ("wrong_line", "内容", name.replace("_", " ")))
        errors.append(
            FieldError(
                f"/{name}",
                code,
                f"与发出的文件不符：{zh}应为 {value}",
                f"Differs from the file that was issued: the {en} there is {value}",
            )
        )
    if errors:
        raise UnlikeTheFile(errors=tuple(errors))


def is_known(given: Mapping[str, Any], history: Sequence[Said], request_id: str) -> bool:
    """Whether this very result was recorded before; then nothing changes.

    Raises:
        RowTwice: by this very request or file.
        OtherResult: what is known does not let this one follow: only what had succeeded may still
            come back.
    """
    if any(one.request_id == request_id for one in history):
        raise RowTwice().at("/line_number")
    if any(all(getattr(one, name) == given[name] for name in SAID) for one in history):
        return True
    follows = given["outcome"] == Outcome.RETURNED and history[-1:] != []
    if history and not (follows and history[-1].outcome == Outcome.SUCCEEDED):
        raise OtherResult(known=history[-1].outcome).at("/outcome")
    return False
