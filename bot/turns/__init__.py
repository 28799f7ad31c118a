"""One batch of turns, the heart of the program: load, respond, save, commit."""
