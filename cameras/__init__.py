"""Where pictures come from and where they are kept: sources, packet ring, clips, clocks, health."""
