"""The rules as SQL, held to interpret_frame over made-up rows in real engines."""
