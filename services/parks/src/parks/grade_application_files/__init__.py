"""The files of a grade application: the evidence of each criterion."""
