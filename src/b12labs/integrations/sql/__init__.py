"""The rules as one SQL statement, which interprets results inside the database."""
