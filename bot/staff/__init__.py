"""What staff can do, whichever way they come in."""
