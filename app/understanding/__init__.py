"""What a patient's reply means: pure, deterministic, and every decision with the words that made it."""

from app.understanding.engine import read
from app.understanding.reading import (
    CONTEXTS,
    INTENTS,
    Evidence,
    Expectation,
    Option,
    Reading,
    Urgency,
)

__all__ = ["CONTEXTS", "INTENTS", "Evidence", "Expectation", "Option", "Reading", "Urgency", "read"]
