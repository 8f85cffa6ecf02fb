"""Where the golden dialogues are, and what they are played with."""

from __future__ import annotations

from pathlib import Path

from app.flow.dialogues import Dialogue, dump
from app.flow.loader import load_file
from app.flow.schema import Script
from app.i18n import Catalogs

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CATALOGS = Catalogs.load(ROOT / "locales")
SCRIPTS: dict[str, Script] = {path.stem: load_file(path) for path in sorted((ROOT / "flows").glob("*.yaml"))}
HEAD = (
    "# Played by the real engine. Change what the patient says, then: pytest tests/flows --update-goldens\n"
)


def save(path: Path, dialogue: Dialogue) -> None:
    """Write a golden dialogue."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + dump(dialogue), "utf-8")
