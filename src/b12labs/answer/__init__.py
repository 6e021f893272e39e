"""The answer as data, and the words in which it is given."""
