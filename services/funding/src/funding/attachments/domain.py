"""What a call asks for."""

from servicekit.problems import Unprocessable


class UnknownRequirement(Unprocessable):
    code = "unknown_requirement"
    zh = "申报通知未要求附件“{code}”"
    en = "The call asks for no attachment {code}"
