"""One API document over all services, and a page to read it."""
