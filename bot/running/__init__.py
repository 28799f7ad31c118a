"""A process's life: start, signals, supervision."""
