"""Adjustments: a line's amount is raised or cut."""
