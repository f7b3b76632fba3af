"""Evidence of counterpart reports."""
