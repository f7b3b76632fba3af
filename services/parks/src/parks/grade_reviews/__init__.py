"""The reviews of an obtained grade: it is renewed, or taken away."""
