"""What every unit reports to a work meeting, under five headings."""
