"""The operating system's account a server runs as.

Postgres refuses to run as root. Then a system account is used, made when missing, and that
account alone is let through the directories above the files it needs (by an ACL entry: a home
directory such as /root stays closed to everybody else).
"""

import os
import pwd
import shutil
import stat
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self

NAME = "embedded_postgres"
ACL = "system.posix_acl_access"
ACL_HEADER = struct.pack("<I", 2)
ACL_ENTRY = struct.Struct("<HHI")
USER_OBJ, USER, GROUP_OBJ, MASK, OTHER = 0x01, 0x02, 0x04, 0x10, 0x20
NOBODY_ID = 0xFFFFFFFF
EXECUTE = 1


@dataclass(frozen=True, slots=True)
class Account:
    """User and group ids."""

    uid: int
    gid: int

    @classmethod
    def current(cls) -> Self:
        return cls(os.geteuid(), os.getegid())

    @classmethod
    def for_postgres(cls) -> Self:
        """The caller's own account, or the system account when the caller is root.

        Raises:
            RuntimeError: the caller is root and the account could not be made.
        """
        if os.geteuid() != 0:
            return cls.current()
        entry = find_user(NAME) or make_user(NAME)
        return cls(entry.pw_uid, entry.pw_gid)

    @property
    def is_other(self) -> bool:
        return self.uid != os.geteuid()

    def own(self, directory: Path) -> None:
        """Make a private directory of this account, reachable for it."""
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.is_other:
            os.chown(directory, self.uid, self.gid)
            self.let_through(directory.parent)

    def let_read(self, tree: Path) -> None:
        """Make a directory tree readable and reachable for this account."""
        if not self.is_other:
            return
        self.let_through(tree)
        for path in [tree, *tree.rglob("*")]:
            mode = path.lstat().st_mode
            wanted = mode | (mode & 0o500) >> 6 | (mode & 0o500) >> 3
            if mode != wanted and not stat.S_ISLNK(mode):
                path.chmod(stat.S_IMODE(wanted))

    def let_through(self, directory: Path) -> None:
        """Let this account, and it alone where ACLs exist, pass `directory` and those above."""
        for path in [directory, *directory.parents]:
            if not self.can_pass(path):
                add_passage(path, self.uid)

    def can_pass(self, directory: Path) -> bool:
        facts = directory.stat()
        if facts.st_uid == self.uid:
            return bool(facts.st_mode & stat.S_IXUSR)
        if facts.st_gid == self.gid:
            return bool(facts.st_mode & stat.S_IXGRP)
        return bool(facts.st_mode & stat.S_IXOTH)


def find_user(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def make_user(name: str) -> pwd.struct_passwd:
    """Make a system account without login; two makers at once are fine.

    Raises:
        RuntimeError: the machine has no `useradd` or it failed.
    """
    program = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program is None:
        raise RuntimeError(f"Postgres does not run as root: make an account named {name}")
    command = [program, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    entry = find_user(name)
    if entry is None:
        raise RuntimeError(f"the account {name} could not be made: {done.stderr.strip()}")
    return entry


def add_passage(directory: Path, uid: int) -> None:
    """Add search permission for one user; for all where the file system has no ACLs."""
    try:
        entries = read_acl(directory)
        entries[(USER, uid)] = entries.get((USER, uid), 0) | EXECUTE
        mask = entries.get((MASK, NOBODY_ID), entries[(GROUP_OBJ, NOBODY_ID)])
        entries[(MASK, NOBODY_ID)] = mask | EXECUTE
        packed = [ACL_ENTRY.pack(tag, perm, who) for (tag, who), perm in sorted(entries.items())]
        os.setxattr(directory, ACL, ACL_HEADER + b"".join(packed))
    except (OSError, AttributeError):
        directory.chmod(stat.S_IMODE(directory.stat().st_mode) | stat.S_IXOTH)


def read_acl(directory: Path) -> dict[tuple[int, int], int]:
    """The access list as {(tag, id): permissions}; made from the mode when there is none."""
    try:
        raw = os.getxattr(directory, ACL)
    except OSError:
        mode = directory.stat().st_mode
        return {
            (USER_OBJ, NOBODY_ID): mode >> 6 & 7,
            (GROUP_OBJ, NOBODY_ID): mode >> 3 & 7,
            (OTHER, NOBODY_ID): mode & 7,
        }
    entries = ACL_ENTRY.iter_unpack(raw[len(ACL_HEADER) :])
    return {(tag, who): perm for tag, perm, who in entries}
