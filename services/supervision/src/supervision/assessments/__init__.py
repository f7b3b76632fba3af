"""Assessments: what linked records give each unit, point by point, and the ranking."""
