"""The facts scripts may use: in placeholders, in conditions and as identity; with samples for checks and
rehearsals."""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

SAMPLES: Final = MappingProxyType[str, Any](
    {
        "practice.name": "Riverside Clinic",
        "practice.phone": "+13125550123",
        "patient.first_name": "Elena",
        "patient.birth_date": "1950-03-25",
        "patient.missed_visits": 1,
        "patient.high_risk": False,
        "patient.language": "en",
        "appointment.upcoming": False,
        "appointment.start": datetime(2026, 11, 30, 20, 15, tzinfo=UTC),
        "appointment.count": 2,
        "appointment.others": [datetime(2026, 11, 30, 22, 0, tzinfo=UTC)],
        "appointment.practitioner": "Dr. Rivera",
        "appointment.location": "Main Street",
        "appointment.importance": "routine",
        "appointment.visit": "follow-up",
        "appointment.status": "booked",
        "appointment.answer": "",
        "appointment.video": False,
        "slot.start": "2026-11-30T08:15",
        "next_check.date": "2026-11-26",
        "discharge.date": "2026-11-20",
        "trigger.kind": "discharge",
        "trigger.date": "2026-11-20",
    }
)
NEVER_SAID: Final = frozenset(
    {
        "patient.birth_date",
        "patient.missed_visits",
        "patient.high_risk",
        "patient.language",
        "appointment.status",
        "appointment.answer",
        "trigger.kind",
    }
)
SAYABLE: Final = frozenset(SAMPLES) - NEVER_SAID
BUILTIN_ONLY: Final = frozenset({"answer", "label", "key", "last"})
