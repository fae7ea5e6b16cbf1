"""Footage of a past moment, cut out of the continuous recordings for a stated purpose."""
