"""Lists and steps that concern all services: asked of each, answered as one."""
