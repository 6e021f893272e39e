"""What b12labs costs, beside what its users would otherwise do: `python -m benchmarks`."""
