"""Figures of any measure, by park, class, grade and enterprise."""
