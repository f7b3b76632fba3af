"""What is signed: the result of an inspection, in one way of writing it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from servicekit.problems import Conflict


class AlreadySigned(Conflict):
    code = "already_signed"
    zh = "您已签字"
    en = "You have signed it already"


def written(result: Mapping[str, Any]) -> str:
    """The text that is signed: keys in order, no blanks, dates and ids as the API writes them."""
    return json.dumps(
        result, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    )


def digest_of(result: Mapping[str, Any]) -> str:
    """SHA-256 of that text in UTF-8."""
    return hashlib.sha256(written(result).encode()).hexdigest()
