"""What a list is narrowed by, as a plain form: the address says what is shown, and can be sent to
somebody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from api.console import parts
from api.console.page import Visit

Select = tuple[str, str, Sequence[tuple[str, str]]]
"""Its name in the address, its label, and (value, words) of each choice beside everything."""
Entry = tuple[str, str, str]
"""Its name in the address, the input's type, its label."""


def filter_form(
    visit: Visit, action: str, selects: Iterable[Select], entries: Iterable[Entry]
) -> None:
    """Draw the form with what the address says in it. action: the list's own address."""
    query = visit.query
    of = action.rpartition("/")[2]
    with parts.box("audit-filters", "form", method="get", action=action, role="search"):
        for name, label, options in selects:
            with parts.box("field"):
                parts.text(label, "field-label", tag="label", for_=f"{of}-{name}")
                with parts.box("", "select", name=name, id=f"{of}-{name}"):
                    parts.text(visit.say("audit_all"), tag="option", value="")
                    for value, words in options:
                        option = parts.text(words, tag="option", value=value)
                        if value == query.get(name, ""):
                            option.props["selected"] = True
        for name, kind, label in entries:
            with parts.box("field"):
                parts.text(label, "field-label", tag="label", for_=f"{of}-{name}")
                entry = parts.box("", "input", type=kind, name=name, id=f"{of}-{name}")
                entry.props["maxlength"] = "80"
                entry.props["defaultValue"] = query.get(name, "")[:80]
        with parts.box("btn", "button", type="submit"):
            parts.icon("search")
            parts.text(visit.say("audit_find"))
