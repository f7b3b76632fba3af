"""A year of labelled synthetic data, played against a running system through its gateway."""
