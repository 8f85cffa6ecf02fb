"""Roles and what each may do, as data: every route names one of these permissions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

PERMISSIONS: Final[dict[str, str]] = {
    "queue:read": "see the queue",
    "case:read": "open a case with its conversation",
    "case:work": "claim a case, answer, hand back, write notes, close",
    "case:assign": "change owner, backup and lane",
    "case:override": "take a case from the person who claimed it",
    "patient:search": "search patients by name, number or record number",
    "import:run": "bring in patients, visits and times from files, see what became of each row",
    "staff:manage": "add people, change their roles, end their access",
    "examples:review": "see replies of patients whose meaning people corrected; keep or set them aside",
    "reader:teach": "add words and limits the bot understands, see which replies of patients they change",
    "settings:read": "see sites, lanes and how the system is set up",
    "audit:read": "read and verify the audit trail",
    "self": "one's own account",
}
"""Every permission and what it allows, in words."""

_WORK = frozenset({"queue:read", "case:read", "case:work", "patient:search", "self"})

ROLES: Final[dict[str, frozenset[str]]] = {
    "coordinator": _WORK | {"case:assign"},
    "nurse": _WORK | {"case:assign"},
    "manager": _WORK | {"case:assign", "case:override", "examples:review", "settings:read", "import:run"},
    "admin": frozenset(
        {
            "staff:manage",
            "settings:read",
            "examples:review",
            "reader:teach",
            "import:run",
            "self",
        }
    ),
    "auditor": frozenset({"audit:read", "settings:read", "self"}),
}
"""What each role may do: the minimum for the task (45 CFR 164.502(b)); an admin as such opens no patient's
case, but sees the replies that Examples and Words show.
"""

ROLE_WORDS: Final[dict[str, str]] = {
    "coordinator": "Coordinator: answers patients and works the queue",
    "nurse": "Nurse: takes escalations",
    "manager": "Manager: works the queue, can take over cases, decides on examples, imports",
    "admin": "Admin: people, imports, words and limits; sees the replies of patients among the examples",
    "auditor": "Auditor: reads and verifies the audit trail",
}


def allowed(roles: Iterable[str], permission: str) -> bool:
    """Whether any of the roles holds the permission; an unknown role holds none, an unknown permission is a
    KeyError.
    """
    if permission not in PERMISSIONS:
        raise KeyError(f"there is no permission {permission!r}")
    return any(permission in ROLES.get(role, ()) for role in roles)
