"""Names of files: what came from outside, fit to be shown and saved anywhere."""

import re
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import quote

from servicekit.files.kinds import ALSO, SUFFIXES

LONGEST = 120
"""Characters; with the longest encoding of each, less than the 255 bytes a file system allows."""
_UNWANTED = re.compile(r'[<>:"|?*%;]')


def clean_name(given: str, media_type: str) -> str:
    """The name without folders and without characters that are not shown or mean something to a
    shell, a browser or a file system; it ends as a file of this type does."""
    text = unicodedata.normalize("NFC", given).replace("\\", "/")
    text = text.rstrip("/").rpartition("/")[2]
    text = "".join(c for c in text if unicodedata.category(c)[0] != "C")
    text = _UNWANTED.sub("_", text).strip(" .")
    suffix = SUFFIXES[media_type]
    if PurePosixPath(text).suffix.lower() in (suffix, *ALSO.get(media_type, ())):
        stem, _, suffix = text.rpartition(".")
        suffix = f".{suffix}"
    else:
        stem = text
    return f"{stem[: LONGEST - len(suffix)] or 'file'}{suffix}"


def disposition(name: str) -> str:
    """`Content-Disposition` that saves the answer under this name (RFC 6266); the second form is
    for whoever reads only ASCII."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
