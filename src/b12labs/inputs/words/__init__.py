"""Texts from outside as words: folded without losing a sign, and the known words that one may be a misspelling of."""
