"""Footage as other sources want it: films for the RTSP server of the tests, and long recordings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import av
from av.bitstream import BitStreamFilterContext

from benchmarks.footage import RATE_HZ, Address, Footage
from tests.rtsp_server import RtspServer


def film(clip: Path) -> Path:
    """The clip's coded pictures, each with its length in four bytes (big-endian) before it: what
    `tests/gst_camera.py` shows. Made once, beside the clip."""
    path = clip.with_suffix(".film")
    if path.exists():
        return path
    partial = path.with_suffix(".part")
    with av.open(str(clip)) as pictures, partial.open("wb") as out:
        (stream,) = pictures.streams.video
        annex_b = BitStreamFilterContext("h264_mp4toannexb", stream)
        for packet in pictures.demux(stream):
            for coded in annex_b.filter(packet if packet.size else None):
                out.write(coded.size.to_bytes(4, "big") + bytes(coded))
    partial.replace(path)
    return path


def film_server(footage: Sequence[Footage]) -> RtspServer:
    """A real RTSP server that shows both streams of all clips."""
    films = {
        mount(clip, main): str(film(clip.main if main else clip.second).resolve())
        for clip in footage
        for main in (True, False)
    }
    return RtspServer(films=films, fps=RATE_HZ)


def mount(clip: Footage, main: bool) -> str:
    """The path of a stream on the server."""
    return f"/{clip.name}/{'main' if main else 'second'}"


def addresses_on(server: RtspServer) -> Address:
    """Of cameras that show the clips."""
    return lambda camera, clip, main: f"{server.film(mount(clip, main))}?{camera}"


def long_recording(clip: Path, path: Path, turns: int) -> Path:
    """The clip so many times, one after the other, in one file; the pictures' bytes untouched."""
    if path.exists():
        return path
    partial = path.with_name(f"part-{path.name}")
    with av.open(str(clip)) as source, av.open(str(partial), "w") as out:
        (stream,) = source.streams.video
        copy = out.add_stream_from_template(stream)
        base = stream.time_base
        packets = [(bytes(p), p.pts or 0, p.dts or 0, p.duration or 0, p.is_keyframe)
                   for p in source.demux(stream) if p.size]  # fmt: skip
        lasts = max(pts + duration for _, pts, _, duration, _ in packets)
        for turn in range(turns):
            for payload, pts, dts, duration, is_key in packets:
                packet = av.Packet(payload)
                packet.stream = copy
                if base is not None:
                    packet.time_base = base
                packet.pts, packet.dts = pts + turn * lasts, dts + turn * lasts
                packet.duration, packet.is_keyframe = duration, is_key
                out.mux_one(packet)
    partial.replace(path)
    return path
