"""One patient: `interpret`, what decided it, how sure it is, and what to do."""
