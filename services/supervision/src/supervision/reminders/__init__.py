"""Reminders: a ladder of steps before and after a deadline, each told once, to one level."""
