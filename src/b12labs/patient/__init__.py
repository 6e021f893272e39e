"""One patient: `interpret`, with the evidence, the certainty and the plan."""
