"""The cockpit's first screen: one answer from the four services."""
