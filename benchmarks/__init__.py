"""The costs of b12labs, compared with those of the alternatives: `python -m benchmarks`."""
