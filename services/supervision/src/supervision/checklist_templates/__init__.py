"""Checklists as data: each change is an edition, and inspections keep the one they were made by."""
