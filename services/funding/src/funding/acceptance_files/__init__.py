"""The files of an acceptance: what proves its report."""
