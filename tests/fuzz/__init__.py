"""Input that nobody thought of: schemathesis over the merged document, as each role in turn."""
