"""What a site calls things: one mapping for every door."""
