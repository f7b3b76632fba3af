"""Become another program that ends when the process that asked for it ends.

Run by path, as `python -I -S tether.py SIGNAL PARENT UID GID PROGRAM ARG...`, so it imports
nothing of the project. A step of its own because the wish to be told of the parent's death is
lost when the user changes, and because nothing but C may run between fork and exec in a process
with threads.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    death_signal, parent, uid, gid = (int(word) for word in sys.argv[1:5])
    program = sys.argv[5:]
    if uid != os.geteuid():
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the parent ended before its child began")
    os.execv(program[0], program)


if __name__ == "__main__":
    main()
