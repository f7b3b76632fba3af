"""The published events of every service."""
