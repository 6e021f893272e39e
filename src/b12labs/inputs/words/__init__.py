"""Texts from outside as words: folded without loss of meaning, and compared with known words for misspellings."""
