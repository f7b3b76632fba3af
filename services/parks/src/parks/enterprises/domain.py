"""What an enterprise is called, numbered and classed by."""

import unicodedata
from collections.abc import Collection

from servicekit.problems import Conflict, FieldError, Unprocessable
from stdnum.cn import uscc as standard
from stdnum.exceptions import ValidationError

HIGH_TECH = "high_tech"
SCIENCE_TYPE = "science_type"


class InvalidUscc(Unprocessable):
    code = "invalid_uscc"
    zh = "统一社会信用代码无效（应为 18 位且校验码正确，GB 32100）"
    en = "Not a valid Unified Social Credit Code (18 characters with a check character, GB 32100)"


class UsccTaken(Conflict):
    code = "uscc_taken"
    zh = "统一社会信用代码 {uscc} 已登记"
    en = "The Unified Social Credit Code {uscc} is registered already"


def normalise_uscc(text: str) -> str:
    """The code as GB 32100 writes it: full-width forms, lower case, blanks and hyphens mended.

    Raises:
        InvalidUscc: length, alphabet or check character are wrong.
    """
    try:
        return standard.validate(unicodedata.normalize("NFKC", text))
    except ValidationError:
        error = FieldError("/uscc", InvalidUscc.code, InvalidUscc.zh, InvalidUscc.en)
        raise InvalidUscc(errors=(error,)) from None


def effective_class(declared: str, recognised: Collection[str]) -> str:
    """The class an enterprise counts in: what it declares, lifted by its valid recognitions.

    Nobody is a high-tech enterprise (高新技术企业) by declaration: that takes a recognition.
    """
    if HIGH_TECH in recognised:
        return HIGH_TECH
    return SCIENCE_TYPE if SCIENCE_TYPE in recognised else declared
