"""Where the benchmarks' cameras come from: a real RTSP server, or files that behave like one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from benchmarks.films import addresses_on, film_server
from benchmarks.footage import Address, Footage, paced_address
from benchmarks.paced import register


@contextmanager
def cameras_of(footage: Sequence[Footage], rtsp: bool) -> Iterator[Address]:
    """The addresses of cameras that show these clips from the moment they are opened."""
    if rtsp:
        with film_server(footage) as server:
            yield addresses_on(server)
    else:
        register()
        yield paced_address
