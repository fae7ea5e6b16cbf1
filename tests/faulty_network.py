"""The network between a camera and us, with its faults: a TCP relay that stalls, delays, cuts, or
shifts the camera's own time stamps."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections import deque
from typing import Self

CHUNK_BYTES = 65536


class FaultyNetwork:
    """Relays connections to a port of the loopback.

    stalled: while set no byte comes through, and the connections stay open. delay_s: how much
    later bytes arrive; growing it first stalls, then all comes late. creep: by so many seconds a
    second the bytes of each connection come later, from when it is set or its pictures begin: a
    line too narrow for the stream. shift: is added to the RTP time stamps (90 kHz) of the
    camera. knocks_s: when somebody connected, monotonic.
    """

    def __init__(self, port: int) -> None:
        self.target = ("127.0.0.1", port)
        self.stalled = threading.Event()
        self.delay_s = 0.0
        self.creep = 0.0
        self.shift = 0
        self.knocks_s: list[float] = []
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread(self._accept)

    @property
    def url(self) -> str:
        return f"rtsp://127.0.0.1:{self.port}/hall"

    def cut(self) -> None:
        """Break all connections that there are."""
        for one in self._sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._sockets.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stalled.clear()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.knocks_s.append(time.monotonic())
                try:
                    camera = socket.create_connection(self.target)
                except ConnectionRefusedError:  # the camera is down, the network is not
                    client.close()
                    continue
                self._sockets += [client, camera]
                self._thread(self._up, client, camera)
                self._thread(self._down, camera, client)

    def _up(self, client: socket.socket, camera: socket.socket) -> None:
        with _closing(client, camera):
            while content := client.recv(CHUNK_BYTES):
                camera.sendall(content)

    def _down(self, camera: socket.socket, client: socket.socket) -> None:
        held: deque[tuple[float, bytes]] = deque()
        rtp = _Interleaved()
        camera.settimeout(0.02)
        crept_s, turned_s = 0.0, time.monotonic()
        with _closing(camera, client):
            while True:
                now_s = time.monotonic()
                crept_s += self.creep * (now_s - turned_s) * rtp.flows
                turned_s = now_s
                with contextlib.suppress(TimeoutError):
                    content = camera.recv(CHUNK_BYTES)
                    if not content:
                        return
                    held.append((time.monotonic(), rtp.shifted(content, self.shift)))
                while held and not self.stalled.is_set():
                    if held[0][0] + self.delay_s + crept_s > time.monotonic():
                        break
                    client.sendall(held.popleft()[1])

    def _thread(self, work: object, *args: object) -> None:
        threading.Thread(target=work, args=args, daemon=True).start()  # type: ignore[arg-type]


@contextlib.contextmanager
def _closing(*sockets: socket.socket):  # type: ignore[no-untyped-def]
    try:
        with contextlib.suppress(OSError):
            yield
    finally:
        for one in sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


class _Interleaved:
    """RTSP answers and the RTP packets between them (RFC 2326, 10.12), as they pass."""

    def __init__(self) -> None:
        self.flows = False
        self._rest = b""

    def shifted(self, content: bytes, shift: int) -> bytes:
        """What is complete by now, with the time stamps of channel 0 shifted."""
        self._rest += content
        out = bytearray()
        while (size := self._first_bytes()) and len(self._rest) >= size:
            message, self._rest = bytearray(self._rest[:size]), self._rest[size:]
            if message[:2] == b"$\0":
                self.flows = True
                (stamp,) = struct.unpack_from("!I", message, 8)
                struct.pack_into("!I", message, 8, (stamp + shift) & 0xFFFFFFFF)
            out += message
        return bytes(out)

    def _first_bytes(self) -> int:
        """The size of the first message; 0 when not known yet."""
        if self._rest[:1] == b"$":
            return 4 + int.from_bytes(self._rest[2:4]) if len(self._rest) >= 4 else 0
        head, end, _ = self._rest.partition(b"\r\n\r\n")
        if not end:
            return 0
        lengths = [
            int(line.split(b":")[1])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        ]
        return len(head) + 4 + sum(lengths)
