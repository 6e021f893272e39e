"""The limits of a guideline by age, sex, pregnancy and unit; a guideline file of your own."""
