"""What may be attached to one object: no file twice, and not more than fits on its page."""

from collections.abc import Sequence
from typing import Any

from servicekit.files.upload import Upload
from servicekit.problems import Conflict

MOST = 20
"""Files of one object: what needs more is an archive."""


class TooManyFiles(Conflict):
    code = "too_many_files"
    zh = "附件不能超过 {most} 份"
    en = "There can be at most {most} files"


class SameFile(Conflict):
    code = "same_file"
    zh = "已上传内容相同的文件“{name}”"
    en = "A file with the same content is attached already: {name}"


def check_room(upload: Upload, there: Sequence[Any]) -> None:
    """Whether a file may join those of an object that is locked: rows with `file_sha256` and
    `file_name`, of whatever table keeps them.

    Raises:
        SameFile, TooManyFiles.
    """
    same = next((each for each in there if each.file_sha256 == upload.sha256), None)
    if same is not None:
        raise SameFile(name=same.file_name)
    if len(there) >= MOST:
        raise TooManyFiles(most=MOST)
