"""What is removed, when and why."""
