"""The enterprises, one per Unified Social Credit Code."""
