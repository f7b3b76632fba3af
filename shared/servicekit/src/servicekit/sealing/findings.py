"""What can be wrong with an audit trail, in words."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    EDITED = "edited"
    REMOVED = "removed"
    UNSEALED = "unsealed"
    BACKDATED = "backdated"
    AHEAD = "ahead"
    SEAL_GAP = "seal_gap"
    SEAL_EDITED = "seal_edited"
    REWRITTEN = "rewritten"
    CUT_TAIL = "cut_tail"
    UNCOVERED = "uncovered"
    BAD_SIGNATURE = "bad_signature"
    UNKNOWN_KEY = "unknown_key"
    CHECKPOINT_REMOVED = "checkpoint_removed"
    NO_TABLE = "no_table"


TEXTS = {
    Kind.EDITED: ("记录内容与封存时不一致", "the row is not what was sealed"),
    Kind.REMOVED: ("已封存的记录不见了", "the row that was sealed is gone"),
    Kind.UNSEALED: (
        "较早的记录没有封存：事后插入，或其封存被删除",
        "an old row without a seal: put in afterwards, or its seal was removed",
    ),
    Kind.BACKDATED: (
        "封存时间远晚于记录所称时间：事后插入",
        "sealed long after the time it tells: put in afterwards",
    ),
    Kind.AHEAD: (
        "记录所称时间晚于其封存时间",
        "it tells a time after it was sealed",
    ),
    Kind.SEAL_GAP: ("封存序号不连续", "the numbers of the seals have a gap"),
    Kind.SEAL_EDITED: ("封存与前后链条不衔接", "the seal does not follow from the one before it"),
    Kind.REWRITTEN: (
        "链条与已签名的检查点不符：其前的内容被重写",
        "the chain is not what was signed: something up to here was rewritten",
    ),
    Kind.CUT_TAIL: (
        "已签名的检查点之后内容缺失：尾部被截断或恢复了旧备份",
        "more was signed than there is: the end was cut off, or an older copy put back",
    ),
    Kind.UNCOVERED: (
        "封存已久而没有检查点覆盖",
        "sealed a while ago and under no checkpoint",
    ),
    Kind.BAD_SIGNATURE: ("检查点签名无效", "the checkpoint's signature is wrong"),
    Kind.UNKNOWN_KEY: (
        "检查点由未知密钥签名",
        "the checkpoint is signed by a key that is not the service's",
    ),
    Kind.CHECKPOINT_REMOVED: (
        "已导出的检查点在数据库中不见了",
        "a checkpoint that was exported is gone from the database",
    ),
    Kind.NO_TABLE: (
        "审计表不是原来的普通表",
        "a table of the trail is not the plain table it was",
    ),
}
"""Kind → Chinese and English."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`seq` is the number of the seal, 0 for none; `subject` the row, key or table."""

    kind: Kind
    seq: int
    subject: str

    def text(self, language: str) -> str:
        """One line in `zh` or `en`."""
        told = TEXTS[self.kind][0 if language == "zh" else 1]
        return f"{self.kind} seq={self.seq} {self.subject}: {told}"
