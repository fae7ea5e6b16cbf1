"""What a picture means: records, geometry, tracking, occupancy, rules, the monitor loop."""
