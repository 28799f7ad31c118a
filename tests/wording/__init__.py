"""Tests of messages/ and of what renders them."""
