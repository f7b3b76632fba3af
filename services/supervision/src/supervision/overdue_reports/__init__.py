"""The items of reports and plans that were not handed in by their deadline."""
