"""The measured figures: `make bench`. Ratios against a floor in the same run, never absolute."""
