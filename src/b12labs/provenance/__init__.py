"""Which rules, numbers and sentences made an answer: their fingerprint, and whether they would make it again."""
