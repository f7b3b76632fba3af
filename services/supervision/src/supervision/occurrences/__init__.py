"""What recurs: inspections and meetings are planned and moved by one engine."""
