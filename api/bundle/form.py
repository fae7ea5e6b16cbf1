"""The form of a bundle: a ZIP file whose entries are stored uncompressed, one behind the other,
with nothing before, between or after them.

`manifest.json` lists every other entry with its length and SHA-256, `manifest.sig` signs its bytes.
That form leaves no room for tricks: what is not listed stands out, and nothing can unfold into more
than the file's own length.
"""

from __future__ import annotations

FORMAT = "hallwatch-bundle"
VERSION = 1

MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"
PUBLIC_KEY = "public-key.pem"
RECORD = "record.json"
REPORT = "report.pdf"
README = "README.txt"

MOST_ENTRIES = 10_000
LONGEST_MANIFEST_BYTES = 16 * 1024 * 1024
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The date of every entry: when things happened stands in the record."""
