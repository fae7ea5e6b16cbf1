"""A small RTSP server for tests: one H.264 video, looped in real time, over interleaved TCP.

It speaks as much of RFC 2326, RFC 6184 and RFC 7617 as a client of cameras needs, and misbehaves on
demand: it stops, stalls with the connection open, or refuses a password.
"""

from __future__ import annotations

import base64
import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import av

CLOCK_HZ = 90_000
LARGEST_BYTES = 1400


class RtspServer:
    """Serves `video` (H.264) at `fps` on a port of the loopback until stopped."""

    def __init__(
        self, video: Path, *, fps: float = 25.0, port: int = 0, login: str | None = None
    ) -> None:
        self.pictures = [*_access_units(video)]
        self.fps = fps
        self.login = login
        self.described = 0
        self.stalled = threading.Event()
        self._stopping = threading.Event()
        self._clients: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"rtsp://127.0.0.1:{self.port}/hall"

    def stop(self) -> None:
        """Close everything at once, as a camera does that loses its power."""
        self._stopping.set()
        for open_socket in (self._listener, *self._clients):
            with contextlib.suppress(OSError):
                open_socket.shutdown(socket.SHUT_RDWR)
            open_socket.close()
        for thread in self._threads:
            thread.join(timeout=2)

    def __enter__(self) -> RtspServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._clients.append(client)
            thread = threading.Thread(target=self._serve, args=(client,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        try:
            for method, headers in _requests(client):
                status, extra, body = self._answer(method, headers)
                client.sendall(_response(status, headers["cseq"], extra, body))
                if method == "PLAY" and status.startswith("200"):
                    threading.Thread(target=self._drain, args=(client,), daemon=True).start()
                    self._play(client)
        except OSError:
            client.close()

    def _answer(self, method: str, headers: dict[str, str]) -> tuple[str, list[str], bytes]:
        if method == "OPTIONS":
            return "200 OK", ["Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN"], b""
        if self.login is not None:
            token = base64.b64encode(self.login.encode()).decode()
            if headers.get("authorization") != f"Basic {token}":
                return "401 Unauthorized", ['WWW-Authenticate: Basic realm="hall"'], b""
        if method == "DESCRIBE":
            self.described += 1
            return "200 OK", ["Content-Type: application/sdp"], self._sdp()
        if method == "SETUP":
            transport = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"
            return "200 OK", [transport, "Session: 7;timeout=60"], b""
        return "200 OK", ["Session: 7"], b""

    def _sdp(self) -> bytes:
        sets = [n for n in self.pictures[0] if n[0] & 31 in (7, 8)]
        sprop = ",".join(base64.b64encode(n).decode() for n in sets)
        lines = [
            "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=hall", "c=IN IP4 0.0.0.0", "t=0 0",
            "m=video 0 RTP/AVP 96", "a=rtpmap:96 H264/90000",
            f"a=fmtp:96 packetization-mode=1; sprop-parameter-sets={sprop}",
            f"a=framerate:{self.fps}", "a=control:track1",
        ]  # fmt: skip
        return "\r\n".join([*lines, ""]).encode()

    def _play(self, client: socket.socket) -> None:
        """Pictures in real time, over and over; the RTP time runs on."""
        began_s, number, seq = time.monotonic(), 0, 0
        while not self._stopping.is_set():
            due_s = began_s + number / self.fps
            if self._stopping.wait(max(due_s - time.monotonic(), 0)):
                return
            if self.stalled.is_set():
                began_s += 1 / self.fps
                continue
            units = self.pictures[number % len(self.pictures)]
            at = round(number / self.fps * CLOCK_HZ)
            for payload, last in _payloads(units):
                client.sendall(_interleaved(payload, last, seq, at))
                seq += 1
            number += 1

    def _drain(self, client: socket.socket) -> None:
        try:
            while client.recv(4096):
                pass
        except OSError:
            return


def _access_units(video: Path) -> Iterator[list[bytes]]:
    """The NAL units of each picture of an Annex B file."""
    with av.open(str(video)) as container:
        for packet in container.demux(video=0):
            if packet.size:
                parts = bytes(packet).replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")
                yield [part for part in parts if part]


def _requests(client: socket.socket) -> Iterator[tuple[str, dict[str, str]]]:
    with client.makefile("rb") as stream:
        while line := stream.readline().decode().strip():
            headers: dict[str, str] = {}
            while header := stream.readline().decode().strip():
                name, _, value = header.partition(":")
                headers[name.lower()] = value.strip()
            yield line.split()[0], headers


def _response(status: str, cseq: str, extra: list[str], body: bytes) -> bytes:
    lines = [f"RTSP/1.0 {status}", f"CSeq: {cseq}", *extra, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def _payloads(units: list[bytes]) -> Iterator[tuple[bytes, bool]]:
    """RTP payloads of one picture's units, large ones in fragments (FU-A), and which is last."""
    for index, unit in enumerate(units):
        final = index == len(units) - 1
        if len(unit) <= LARGEST_BYTES:
            yield unit, final
            continue
        pieces = [unit[i : i + LARGEST_BYTES] for i in range(1, len(unit), LARGEST_BYTES)]
        for at, piece in enumerate(pieces):
            start, end = at == 0, at == len(pieces) - 1
            header = bytes([unit[0] & 0xE0 | 28, start << 7 | end << 6 | unit[0] & 31])
            yield header + piece, final and end


def _interleaved(payload: bytes, last: bool, seq: int, at: int) -> bytes:
    kind = 96 | (0x80 if last else 0)
    rtp = struct.pack("!BBHII", 0x80, kind, seq & 0xFFFF, at & 0xFFFFFFFF, 1234) + payload
    return struct.pack("!cBH", b"$", 0, len(rtp)) + rtp
