"""What can be wrong with a camera's address or its file. Every message says what to do."""

from __future__ import annotations


class SourceError(Exception):
    """A source that cannot be opened."""


class UnknownSchemeError(SourceError, ValueError):
    """An address of a kind that no source reads."""


class MissingVideoError(SourceError, FileNotFoundError):
    """There is no such file."""


class FolderGivenError(SourceError, IsADirectoryError):
    """A folder where a video file is expected."""


class UnreadableVideoError(SourceError, PermissionError):
    """The file may not be read, or reading it fails."""


class EmptyVideoError(SourceError, ValueError):
    """A file of no bytes."""


class NotAVideoError(SourceError, ValueError):
    """A file that is no video, or one whose index is lost."""


class NoVideoStreamError(SourceError, ValueError):
    """A media file without pictures, such as a sound recording."""


class UnsupportedCodecError(SourceError, ValueError):
    """Pictures coded in a way that this installation cannot decode."""
