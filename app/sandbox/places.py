"""Where a number is, as the carrier guesses it from the area code."""

from __future__ import annotations

# Area codes of the invented phones: city, state, ZIP code.
AREAS = {
    "312": ("CHICAGO", "IL", "60614"),
    "773": ("CHICAGO", "IL", "60640"),
    "217": ("SPRINGFIELD", "IL", "62701"),
    "612": ("MINNEAPOLIS", "MN", "55406"),
    "602": ("PHOENIX", "AZ", "85004"),
    "206": ("SEATTLE", "WA", "98118"),
    "708": ("CICERO", "IL", "60402"),
    "915": ("EL PASO", "TX", "79901"),
    "305": ("MIAMI", "FL", "33125"),
    "559": ("FRESNO", "CA", "93721"),
}


def geography(prefix: str, number: str) -> list[tuple[str, object]]:
    """`{prefix}City`, `State`, `Zip`, `Country`; empty where the carrier knows nothing."""
    area = number[2:5] if number.startswith("+1") else ""
    city, state, postal_code = AREAS.get(area, ("", "", ""))
    country = "US" if number.startswith("+1") else ""
    return [
        (f"{prefix}City", city),
        (f"{prefix}State", state),
        (f"{prefix}Zip", postal_code),
        (f"{prefix}Country", country),
    ]
