"""Neural networks: manifest, ONNX Runtime sessions, sign reading, training, the hall simulator."""
