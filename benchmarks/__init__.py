"""Measurements of the product, by commands; results go to docs/benchmarks.md."""
