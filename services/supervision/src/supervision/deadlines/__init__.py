"""Deadlines that move: extensions on request, and the calendar they are counted over."""
