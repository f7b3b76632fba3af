"""The rules of a work report."""

from datetime import date

from servicekit.problems import AlreadyExists, Conflict


class ReportFiled(AlreadyExists):
    code = "work_report_filed"
    zh = "该单位已为本次例会提交汇报，请修改已有汇报"
    en = "The unit has filed its report for this meeting; change that one"


class MeetingOver(Conflict):
    code = "meeting_over"
    zh = "会议已召开或已取消，汇报不能再改"
    en = "The meeting was held or withdrawn; its reports no longer change"


def refuse_withdrawn(meeting_status: str) -> None:
    """Raises `MeetingOver` for a meeting that will not take place."""
    if meeting_status == "withdrawn":
        raise MeetingOver


def refuse_over(meeting_status: str) -> None:
    """Raises `MeetingOver` unless the meeting is still to come."""
    if meeting_status != "planned":
        raise MeetingOver


def is_late(meeting_status: str, due_on: date, today: date) -> bool:
    """A report that comes after the meeting, or after the day it was due."""
    return meeting_status == "held" or today > due_on
