"""What can keep the stack from running, in words for whoever started it."""


class StackFailed(Exception):
    """The text says what to do; no traceback is needed."""
