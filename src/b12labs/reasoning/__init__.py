"""The rules compiled once, the next tests to ask for, and the widening of results."""
