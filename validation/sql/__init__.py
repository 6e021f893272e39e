"""Comparison of the rules as SQL with interpret_frame, over made-up rows in real engines."""
