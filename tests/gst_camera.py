"""A camera for tests: GStreamer's RTSP server, run by the system's Python, obeying lines on stdin.

It is started by `tests.rtsp_server` and imports nothing of ours. Each picture shows ten bars that
spell the tenths of a second of the system's clock (see `tests.videos.numbered`), so that whoever
receives it can tell how old it is. A line of JSON on stdin changes what the camera does; the
answer is one line.

Asked to, it also shows films: files of coded pictures, each with its length in four bytes before
it, which every client gets from the beginning and over and over (`benchmarks.films` writes them).
"""

from __future__ import annotations

import json
import sys
import threading
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

BITS = 10
ENCODERS = {
    "h264": "x264enc tune=zerolatency speed-preset=ultrafast key-int-max={keys} threads=1"
    " ! video/x-h264,profile=baseline ! rtph264pay config-interval=-1 name=pay0 pt=96",
    "h265": "x265enc tune=zerolatency speed-preset=ultrafast key-int-max={keys}"
    " option-string=pools=1:frame-threads=1:log-level=0 ! rtph265pay config-interval=-1"
    " name=pay0 pt=96",
}


def picture(number: int, width: int, height: int, seated: bool = False) -> bytes:
    """I420: a quarter of grey, a quarter of bars, and stripes below; on them, where somebody is
    seated, a white block (see `tests.live_hall.SEAT`)."""
    row = bytearray()
    edges = [round(width * i / BITS) for i in range(BITS + 1)]
    for bit in range(BITS):
        row += bytes([235 if number >> bit & 1 else 20]) * (edges[bit + 1] - edges[bit])
    quarter = height // 4
    stripes = bytes(60 + 100 * (x // 8 % 2) for x in range(width))
    luma = bytes([128]) * (width * quarter) + bytes(row) * quarter
    lower = height - 2 * quarter
    if seated:
        left, right, top = width // 8, width // 4, lower // 4
        block = stripes[:left] + bytes([250]) * (right - left) + stripes[right:]
        luma += stripes * top + block * (lower // 2) + stripes * (lower - top - lower // 2)
    else:
        luma += stripes * lower
    return luma + bytes([128]) * (width * height // 2)


class Camera:
    """What the camera does now; `orders` change it."""

    def __init__(self, orders: dict) -> None:
        self.codec = "h264"
        self.size = [160, 120]
        self.fps = 10
        self.key_every_s = 1.0
        self.frozen = False
        self.seated = False
        self.audio = False
        self.obey(orders)

    def obey(self, orders: dict) -> None:
        for name, value in orders.items():
            setattr(self, name, value)

    def launch(self) -> str:
        keys = max(round(self.fps * self.key_every_s), 1)
        encoder = ENCODERS[self.codec].format(keys=keys)
        video = f"appsrc name=source is-live=true format=time do-timestamp=true ! {encoder}"
        sound = " audiotestsrc is-live=true ! alawenc ! rtppcmapay name=pay1" if self.audio else ""
        return f"( {video}{sound} )"

    def caps(self) -> Gst.Caps:
        width, height = self.size
        return Gst.Caps.from_string(
            f"video/x-raw,format=I420,width={width},height={height},framerate={self.fps}/1"
        )


class Factory(GstRtspServer.RTSPMediaFactory):
    """A pipeline for each client, built as the camera is when they come."""

    def __init__(self, camera: Camera) -> None:
        super().__init__()
        self.camera = camera

    def do_create_element(self, url: object) -> Gst.Element:
        return Gst.parse_launch(self.camera.launch())

    def do_configure(self, media: GstRtspServer.RTSPMedia) -> None:
        source = media.get_element().get_by_name_recurse_up("source")
        media.connect("unprepared", lambda *_: setattr(self, "feeding", None))
        self.feeding = source
        self.feed(source)
        GLib.timeout_add(round(1000 / self.camera.fps), self.feed, source)

    def feed(self, source: Gst.Element) -> bool:
        if self.feeding is not source:
            return False
        camera = self.camera
        source.set_property("caps", camera.caps())
        if not camera.frozen:
            self.shown = int(time.time() * 10) % (1 << BITS), camera.seated
        number, seated = self.shown
        content = picture(number, *camera.size, seated)
        return source.emit("push-buffer", Gst.Buffer.new_wrapped(content)) == Gst.FlowReturn.OK


class Film(GstRtspServer.RTSPMediaFactory):
    """Coded pictures as they lie in the file, for each client from the first one on."""

    def __init__(self, path: str, fps: float) -> None:
        super().__init__()
        self.fps = fps
        self.pictures = []
        with open(path, "rb") as file:
            while head := file.read(4):
                self.pictures.append(file.read(int.from_bytes(head, "big")))

    def do_create_element(self, url: object) -> Gst.Element:
        return Gst.parse_launch(
            "( appsrc name=source is-live=true format=time do-timestamp=true"
            " caps=video/x-h264,stream-format=byte-stream,alignment=au ! h264parse"
            " ! rtph264pay config-interval=-1 name=pay0 pt=96 )"
        )

    def do_configure(self, media: GstRtspServer.RTSPMedia) -> None:
        source = media.get_element().get_by_name_recurse_up("source")
        media.connect("unprepared", lambda *_: showing.clear())
        showing = {"shown": 0}
        began_s = time.monotonic()

        def feed() -> bool:
            """Push what is due; a server that was late makes up for it."""
            while showing and showing["shown"] <= (time.monotonic() - began_s) * self.fps:
                coded = self.pictures[showing["shown"] % len(self.pictures)]
                showing["shown"] += 1
                if source.emit("push-buffer", Gst.Buffer.new_wrapped(coded)) != Gst.FlowReturn.OK:
                    return False
            return bool(showing)

        feed()
        GLib.timeout_add(round(1000 / self.fps), feed)


class Server:
    def __init__(self, orders: dict) -> None:
        self.server = GstRtspServer.RTSPServer()
        self.server.set_address("127.0.0.1")
        self.server.set_service(str(orders.pop("port", 0)))
        login = orders.pop("login", None)
        films = orders.pop("films", {})
        self.camera = Camera(orders)
        self.factory = Factory(self.camera)
        mounts = self.server.get_mount_points()
        mounts.add_factory("/hall", self.factory)
        for mount, path in films.items():
            mounts.add_factory(mount, Film(path, self.camera.fps))
        if login:
            self.lock(login)
        self.server.attach(None)

    def lock(self, login: dict) -> None:
        """From now on only this user and password are let in, by this method."""
        auth = GstRtspServer.RTSPAuth()
        token = GstRtspServer.RTSPToken()
        token.set_string("media.factory.role", "user")
        if login["method"] == "digest":
            auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
            auth.add_digest(login["user"], login["password"], token)
        else:
            basic = GstRtspServer.RTSPAuth.make_basic(login["user"], login["password"])
            auth.add_basic(basic, token)
        permissions = GstRtspServer.RTSPPermissions()
        for what in ("media.factory.access", "media.factory.construct"):
            permissions.add_permission_for_role("user", what, True)
        self.factory.set_permissions(permissions)
        self.server.set_auth(auth)

    def obey(self, orders: dict) -> bool:
        if login := orders.pop("login", None):
            self.lock(login)
        hang_up = orders.pop("hang_up", False)
        self.camera.obey(orders)
        if hang_up:
            self.server.client_filter(lambda *_: GstRtspServer.RTSPFilterResult.REMOVE)
        print("done", flush=True)
        return False


def main() -> None:
    Gst.init(None)
    loop = GLib.MainLoop()
    server = Server(json.loads(sys.argv[1]))
    print(server.server.get_bound_port(), flush=True)

    def listen() -> None:
        for line in sys.stdin:
            GLib.idle_add(server.obey, json.loads(line))
        loop.quit()

    threading.Thread(target=listen, daemon=True).start()
    loop.run()


main()
