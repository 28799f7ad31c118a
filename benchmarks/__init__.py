"""What anyone can run to see how fast the bot is, and that nothing gets lost."""
