"""The monthly operating returns, from draft to acceptance."""
