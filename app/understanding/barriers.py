"""What stands in the way of what was asked about answers it."""

from __future__ import annotations

from app.understanding.answers import NOTHING, Answer

_DOUBTFUL = 0.6
_IN_THE_WAY = {
    "pickup": frozenset(("cost_barrier", "insurance_barrier", "transport_barrier", "medication_problem")),
    "adherence": frozenset(("cost_barrier", "insurance_barrier", "medication_problem")),
    "ride": frozenset(("transport_barrier",)),
    "visit_booked": frozenset(("insurance_barrier", "transport_barrier")),
}


def hindered(topics: tuple[str, ...], found: tuple[str, ...]) -> Answer:
    """No, to whether something was got or done, from what is said to stand in its way; doubtful."""
    ways = _IN_THE_WAY.get(topics[0], frozenset()) if topics else frozenset()
    return Answer("no", _DOUBTFUL) if ways & set(found) else NOTHING
