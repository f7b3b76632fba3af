"""What can be told at all."""

from contracts.snapshots import events

TOLD = frozenset(event.permission for event in events() if event.permission)
"""The permissions of everything that can be sent."""
