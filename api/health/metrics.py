"""The same for Prometheus: https://prometheus.io/docs/concepts/data_model/"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from vision.health import CameraHealth, RecordingHealth

COUNTERS: dict[str, tuple[str, Callable[[CameraHealth], float]]] = {
    "hallwatch_packets": ("Packets that came from the camera", lambda c: c.packets),
    "hallwatch_pictures_analysed": ("Pictures that were looked at", lambda c: c.analysed),
    "hallwatch_gaps": ("Looks that found no usable picture", lambda c: c.gaps),
    "hallwatch_reconnects": ("Connections after the first", lambda c: c.reconnects),
    "hallwatch_stuck_readers": ("Readers that the watchdog tore down", lambda c: c.stuck),
    "hallwatch_decode_seconds": ("Seconds spent in decoding", lambda c: c.decode_s),
    "hallwatch_inference_seconds": ("Seconds spent in the detector", lambda c: c.inference_s),
}
GAUGES: dict[str, tuple[str, Callable[[CameraHealth], float | None]]] = {
    "hallwatch_lag_seconds": ("Age of the last picture when it was judged", lambda c: c.lag_s),
    "hallwatch_pace_hz": ("Looks a second that are asked for", lambda c: c.pace_hz),
    "hallwatch_last_picture_timestamp_seconds": (
        "When the last picture came",
        lambda c: None if c.last_picture is None else c.last_picture.timestamp(),
    ),
    "hallwatch_last_recorded_timestamp_seconds": (
        "When something was last added to the recording that is wanted",
        lambda c: _last_recorded(c.recording),
    ),
    "hallwatch_camera_up": ("1 while pictures come", lambda c: float(c.trouble is None)),
}
RECORDED: dict[str, tuple[str, Callable[[RecordingHealth], float]]] = {
    "hallwatch_recorded_bytes": ("Bytes of recordings written", lambda r: r.written_bytes),
    "hallwatch_unrecorded_packets": (
        "Packets that the disk was too slow for", lambda r: r.dropped_packets,
    ),
}  # fmt: skip


def _last_recorded(recording: RecordingHealth | None) -> float | None:
    newest = None if recording is None else recording.newest
    return None if newest is None else newest.timestamp()


class _Cameras(Collector):
    """Asks for the cameras' state at each scrape."""

    def __init__(self, cameras: Callable[[], Sequence[CameraHealth]]) -> None:
        self._cameras = cameras

    def collect(self) -> Iterator[Metric]:
        cameras = self._cameras()
        for name, (words, count) in COUNTERS.items():
            counter = CounterMetricFamily(name, words, labels=["camera"])
            for camera in cameras:
                counter.add_metric([camera.camera], count(camera))
            yield counter
        for name, (words, gauge) in GAUGES.items():
            family = GaugeMetricFamily(name, words, labels=["camera"])
            for camera in cameras:
                if (value := gauge(camera)) is not None:
                    family.add_metric([camera.camera], value)
            yield family
        for name, (words, recorded) in RECORDED.items():
            counter = CounterMetricFamily(name, words, labels=["camera"])
            for camera in cameras:
                if camera.recording is not None:
                    counter.add_metric([camera.camera], recorded(camera.recording))
            yield counter


def metrics_text(cameras: Callable[[], Sequence[CameraHealth]]) -> bytes:
    """The cameras' counters and the process's, as Prometheus reads them."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    registry.register(_Cameras(cameras))
    return generate_latest(registry)
