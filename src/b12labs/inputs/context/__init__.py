"""What is reported of a patient besides results: codes, products and words of medicines and diagnoses."""
