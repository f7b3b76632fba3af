"""Requests for plans: who has to hand in an implementation plan or an annual work plan, by when."""
