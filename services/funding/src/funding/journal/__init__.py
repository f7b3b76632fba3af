"""The double-entry journal and its accounts."""
