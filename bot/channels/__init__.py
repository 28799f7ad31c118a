"""Channels translate between what a person does somewhere and the dialogue, and nothing more."""
