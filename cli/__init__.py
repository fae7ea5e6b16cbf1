"""Composition: the one place that wires parts together, one file per command."""
