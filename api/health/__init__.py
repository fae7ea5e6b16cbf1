"""How the machine and its cameras are doing, for whoever keeps them running. No pictures."""
