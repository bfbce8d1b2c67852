"""The frozen rules of a cycle as plain data: their digest, and what differs between two versions of them.

Pure: no Django, no database. The data are nested mappings whose leaves are texts, numbers, flags, nothing or lists
of those. What has an order of its own carries it as ``position``, because stored JSON keeps none.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Change:
    """One place where two versions differ. A whole group that came or went has ``None`` on the other side."""

    path: tuple[str, ...]
    before: Any
    after: Any


def digest_of(rules: Mapping[str, Any]) -> str:
    """SHA-256, hex, of the rules as JSON with sorted keys, no spaces, in UTF-8."""
    text = json.dumps(rules, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What changed from one version to the next, in the order of the paths."""
    return _differences((), before, after)


def _differences(path: tuple[str, ...], before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    found: list[Change] = []
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            found += _differences((*path, key), old, new)
        else:
            found.append(Change((*path, key), old, new))
    return found
