"""Makes the numbers by which questions are understood, with scikit-learn, which the program does not need."""
