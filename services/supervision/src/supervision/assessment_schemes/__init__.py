"""Schemes of assessment: weights, full marks and deductions as data, in revisions."""
