"""A patient's reports besides results: codes, products and words of medicines and diagnoses."""
