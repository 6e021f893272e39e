"""A guideline bound to ages, sexes and units, and a guideline of one's own."""
