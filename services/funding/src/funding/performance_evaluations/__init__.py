"""Performance evaluation (绩效评价) of an award: indicators with weights, a score and a grade."""
