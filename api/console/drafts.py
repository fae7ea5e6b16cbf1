"""Text that outlives an expired session: kept in the browser's tab until it was sent."""

from __future__ import annotations

import json
from typing import Any

from nicegui import ui

from api.console.forms import Field
from api.console.page import Visit


class DraftField(Field):
    """A text area whose draft is kept under `place`, for this person alone."""

    def __init__(self, visit: Visit, place: str, label: str, **more: Any) -> None:
        self.key = f"{visit.viewer.user_id}/{place}"
        super().__init__(label, "textarea", data_draft=self.key, **more)

    def sent(self) -> None:
        """The text has arrived: forget the draft."""
        ui.run_javascript(f"forgetDraft({json.dumps(self.key)})")
