"""The answer as data and in words."""
