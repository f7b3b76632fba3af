"""The register of parks and enterprises, and the returns they file."""
