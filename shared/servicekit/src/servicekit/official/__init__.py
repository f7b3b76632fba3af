"""Official documents laid out by GB/T 9704-2012, as PDF and as DOCX, from one description."""
