"""``python -m bot …``: what an operator or editor types."""
