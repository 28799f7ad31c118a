"""What is said, whatever the channel: pure functions on frozen records, standard library only, no I/O."""
