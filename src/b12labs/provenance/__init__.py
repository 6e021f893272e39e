"""The provenance of an answer: the fingerprint of the rules, numbers and sentences that it was made with."""
