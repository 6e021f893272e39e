"""Display: colors, words, scales and summaries that pages and pictures share."""
