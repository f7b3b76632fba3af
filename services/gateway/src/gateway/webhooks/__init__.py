"""Events delivered to addresses of the callers' own (Standard Webhooks)."""
