"""What can be wrong with a camera's address or its file. Every message says what to do."""

from __future__ import annotations

from vision.probe import Refusal, RefusedError


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


class AddressError(RefusedError, SourceError, ValueError):
    refusal = Refusal.ADDRESS


class HostUnknownError(RefusedError, SourceError, OSError):
    refusal = Refusal.HOST_UNKNOWN


class UnreachableError(RefusedError, SourceError, OSError):
    refusal = Refusal.UNREACHABLE


class PortClosedError(RefusedError, SourceError, ConnectionError):
    refusal = Refusal.PORT_CLOSED


class NotACameraError(RefusedError, SourceError, OSError):
    refusal = Refusal.NOT_A_CAMERA


class PasswordRefusedError(RefusedError, SourceError, PermissionError):
    refusal = Refusal.PASSWORD


class NoStreamError(RefusedError, SourceError, LookupError):
    refusal = Refusal.NO_STREAM


class SilentError(RefusedError, SourceError, TimeoutError):
    refusal = Refusal.SILENT


class FileRefusedError(RefusedError, SourceError):
    refusal = Refusal.FILE
