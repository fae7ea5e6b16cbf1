"""Save evidence as one signed file: the browser fetches it and keeps it."""

from __future__ import annotations

import json

from nicegui import ui

from api.console import parts
from api.console.drafts import DraftField
from api.console.forms import form
from api.console.page import Visit
from api.console.sheets import Sheet
from api.fields import SHORTEST_REASON

TIMEOUT_S = 120.0
FETCH = """
const answer = await fetch(%s, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ purpose: %s }),
});
if (answer.ok) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = %s;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
return answer.status;
"""


class ExportSheet:
    """Asks what the bundle is for; `address` makes it, `name` is the file's."""

    def __init__(self, visit: Visit, address: str, name: str) -> None:
        self.visit, self.address, self.name = visit, address, name
        say = visit.say
        with Sheet(say("export_title"), say("export_about"), "act-sheet") as self.sheet:
            with form():
                self.purpose = DraftField(
                    visit, f"export{address}", say("export_purpose"),
                    hint=say("export_purpose_hint"), must=True, rows="2", maxlength="500",
                )  # fmt: skip
            with parts.box("sheet-buttons"):
                parts.button(say("cancel"), self.sheet.close)
                parts.button(
                    say("export_save"), self._save, "btn btn-main",
                    drawing="download", data_sure="export",
                )  # fmt: skip

    async def _save(self) -> None:
        say, purpose = self.visit.say, self.purpose.value.strip()[:500]
        if len(purpose) < SHORTEST_REASON:
            self.purpose.complain(say("export_purpose_missing"))
            return
        asked = (json.dumps(part) for part in (self.address, purpose, self.name))
        parts.tell(say("export_making"), "info")
        status = await ui.run_javascript(FETCH % tuple(asked), timeout=TIMEOUT_S)
        if status == 200:
            self.purpose.sent()
            self.sheet.close()
            parts.tell(say("export_done"), "positive")
        else:
            parts.tell(say("export_failed"), "warning")
