"""Ten seconds of a camera, recorded continuously."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import av

from cameras.recordings.shelf import Shelf
from cameras.recordings.writer import Keeping, RecordingWriter
from cameras.ring import Recorder
from tests.videos import make_video
from vision.records import Stamp


def record_camera(folder: Path, began: datetime, camera: str = "cam1") -> Shelf:
    """Record a camera whose first picture comes at `began`; 25 pictures a second, numbered."""
    shelf = Shelf(folder / "recordings")
    writer = RecordingWriter(shelf, Keeping(file_s=2, reserve_bytes=0), now=lambda: began)
    ring = Recorder(onward=writer.camera(camera).take)
    with av.open(str(make_video(folder / "recorded.mp4", seconds=10))) as container:
        for packet in container.demux(video=0):
            if packet.size:
                at_s = float((packet.pts or 0) * packet.time_base)
                ring.push(packet, Stamp(at_s, began + timedelta(seconds=at_s)))
    writer.start()
    writer.close()
    return shelf
