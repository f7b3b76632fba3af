"""Grants for platforms and equipment (科技创新基础条件)."""
