"""Arrays for a browser."""
