"""The rules compiled once: what to ask next, and how far results are widened."""
