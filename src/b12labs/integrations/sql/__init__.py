"""The rules as one SQL statement, which interprets results where they lie."""
