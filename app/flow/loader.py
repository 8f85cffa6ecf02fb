"""From YAML to a checked script, with errors an admin can act on."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from app.errors import CareloopError
from app.flow.schema import Script


class ScriptError(CareloopError):
    """A script that cannot be used; `problems` has one line for each thing to mend."""

    def __init__(self, name: str, problems: list[str]) -> None:
        super().__init__(f"{name}: " + "; ".join(problems))
        self.problems = problems


def _read_yaml(text: str, name: str) -> Any:
    try:
        return YAML(typ="safe", pure=True).load(io.StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise ScriptError(name, [f"{where}{error.problem or error.context}"]) from error
    except YAMLError as error:
        raise ScriptError(name, [str(error)]) from error


def load(text: str, name: str = "script") -> Script:
    """The script in this YAML text; ScriptError lists every fault with its place."""
    data = _read_yaml(text, name)
    if not isinstance(data, dict):
        raise ScriptError(name, ["the file holds no script: it begins with `script: name`"])
    try:
        return Script.model_validate(data)
    except ValidationError as error:
        raise ScriptError(name, [_words(e) for e in error.errors()]) from error


def _words(error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"]) or "script"
    message = error["msg"].removeprefix("Value error, ")
    return f"{place}: {message}"


def load_file(path: Path) -> Script:
    """The script in this file; ScriptError when it cannot be read or is not right."""
    try:
        return load(path.read_text("utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise ScriptError(path.name, [f"cannot be read: {error}"]) from error
