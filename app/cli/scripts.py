"""`careloop scripts`: check, draw, rehearse and export scripts; their JSON Schema for editors."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from app.flow.loader import load_file
from app.flow.schema import Script

ROOT: Final = Path(__file__).resolve().parents[2]
FLOWS: Final = ROOT / "flows"
LOCALES: Final = ROOT / "locales"


def load_scripts(flows: Path) -> list[Script]:
    """Every script in this folder, by name; ScriptError for one that cannot be used."""
    return [load_file(path) for path in sorted(flows.glob("*.yaml"))]
