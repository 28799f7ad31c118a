"""What follows on what a person meant."""
