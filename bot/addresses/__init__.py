"""What a typed address or number is."""
