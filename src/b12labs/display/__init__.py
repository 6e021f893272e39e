"""What is looked at: colors, words, scales and summaries that every page and picture shares."""
