"""Acceptance (验收) of what an award was granted for; its conclusion closes the award."""
