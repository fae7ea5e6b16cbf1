"""Training the hall's detector (torch and ultralytics: the `train` extra)."""
