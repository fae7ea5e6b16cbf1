"""What one would write today: `cv2.VideoCapture`, ultralytics `predict` on every n-th picture,
supervision zones. Run by the environment that has them (`make train-env`, and supervision):

    .venv-train/bin/python benchmarks/today.py STREAM.mp4 HALL.json --weights yolo26n.pt --every 15

HALL.json: {"width", "height", "zones": {name: corners}}. Prints one line of JSON: seconds of
processor time, of the stream, and of the part in the network.
"""

from __future__ import annotations

import argparse
import json
import time

import cv2
import numpy as np
import torch

BROKEN = not hasattr(torch.ops.torchvision, "nms")
"""A CPU-only torch beside a CUDA torchvision: its operators are declared, and not used."""
if BROKEN:
    DECLARED = torch.library.Library("torchvision", "DEF")
    for operator in ("nms", "qnms"):
        DECLARED.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

import supervision as sv  # noqa: E402
import torchvision  # noqa: E402
from ultralytics import YOLO  # noqa: E402
from ultralytics.utils.nms import TorchNMS  # noqa: E402

if BROKEN:
    torchvision.ops.nms = TorchNMS.nms


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("stream")
    asked.add_argument("hall")
    asked.add_argument("--weights", required=True)
    asked.add_argument("--every", type=int, default=15)
    options = asked.parse_args()
    with open(options.hall, encoding="utf-8") as file:
        hall = json.load(file)
    model = YOLO(options.weights)
    video = cv2.VideoCapture(options.stream)
    scale = video.get(cv2.CAP_PROP_FRAME_WIDTH) / hall["width"]
    zones = {
        name: sv.PolygonZone((np.array(corners) * scale).astype(int))
        for name, corners in hall["zones"].items()
    }
    model.predict(np.zeros((360, 640, 3), np.uint8), verbose=False)
    began_s, network_s, pictures, looks, present = time.process_time(), 0.0, 0, 0, 0
    while True:
        there, picture = video.read()
        if not there:
            break
        if pictures % options.every == 0:
            before_s = time.process_time()
            (result,) = model.predict(picture, verbose=False)
            network_s += time.process_time() - before_s
            found = sv.Detections.from_ultralytics(result)
            people = found[found.class_id == 0]
            present += sum(bool(zone.trigger(people).any()) for zone in zones.values())
            looks += 1
        pictures += 1
    rate_hz = video.get(cv2.CAP_PROP_FPS)
    print(json.dumps({
        "cpu_s": time.process_time() - began_s, "network_s": network_s, "looks": looks,
        "stream_s": pictures / rate_hz, "present": present,
    }))  # fmt: skip


if __name__ == "__main__":
    main()
