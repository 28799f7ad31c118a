"""What is wrong in a messages folder."""
