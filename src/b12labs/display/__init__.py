"""What is looked at: colors, scales and summaries that every picture shares."""
