"""A rendered service hall with exact truth: people here, the hall and its camera beside."""
