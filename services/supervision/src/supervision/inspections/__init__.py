"""Monthly inspections and their findings."""
