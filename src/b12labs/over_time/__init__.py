"""Draws over time: the response to treatment."""
