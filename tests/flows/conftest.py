"""The option that rewrites golden dialogues."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest tests/flows --update-goldens` writes what the bot says now into the files."""
    parser.addoption(
        "--update-goldens", action="store_true", help="rewrite the golden dialogues in tests/flows"
    )
