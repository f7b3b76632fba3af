"""The files of a plan: each edition keeps its own."""
