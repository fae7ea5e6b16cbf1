"""The rulebook: one file per rule. `rulebook()` finds every module here that defines `RULE`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Any

from vision.rules.base import Rule


class RulebookError(RuntimeError):
    """Two rules claim one id, or a RULE is not a Rule."""


@cache
def rulebook() -> dict[str, Rule[Any, Any, Any]]:
    """Every rule by its id, in alphabetical order; an import failure is raised, not logged."""
    found: dict[str, Rule[Any, Any, Any]] = {}
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda i: i.name):
        module = importlib.import_module(f"{__name__}.{info.name}")
        rule = getattr(module, "RULE", None)
        if rule is None:
            continue
        if not isinstance(rule, Rule) or rule.id in found:
            raise RulebookError(f"vision/rules/{info.name}.py: RULE must be a Rule with its own id")
        found[rule.id] = rule
    return found
