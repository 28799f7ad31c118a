"""A lead as others get it, and its name."""
