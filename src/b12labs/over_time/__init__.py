"""Draws over time: how treatment is going."""
