"""Continuous recording: every packet of a camera on disk, in short files that open in any player.

`shelf` knows which files there are, `segment` writes one, `writer` decides what is written and
what makes room for it, `footage` finds a past moment and cuts it out.
"""
