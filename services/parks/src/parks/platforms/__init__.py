"""Laboratories, centres, incubators and other bodies that serve innovation, and their levels."""
