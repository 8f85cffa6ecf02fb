"""The TwiML verbs and attributes that twilio-python can write, read off its classes."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import twilio.twiml as base
from twilio.twiml import TwiML, messaging_response, voice_response

GRAMMAR = Path(__file__).parents[2] / "app" / "sandbox" / "twiml_grammar.json"


def grammar(module: ModuleType) -> dict[str, dict[str, list[str]]]:
    """Element → its attributes and the elements it may hold."""
    classes = dict(inspect.getmembers(module, lambda c: inspect.isclass(c) and issubclass(c, TwiML)))
    names = {key: _name(cls) for key, cls in classes.items() if cls.__module__ == module.__name__}
    found: dict[str, dict[str, set[str]]] = {
        name: {"attributes": set(), "children": set()} for name in names.values()
    }
    for key, name in names.items():
        for method in vars(classes[key]).values():
            made = (
                re.search(r"self\.nest\(\s*(\w+)\(", inspect.getsource(method)) if callable(method) else None
            )
            if made is None:
                continue
            child = classes[made.group(1)]
            found[name]["children"].add(names[made.group(1)])
            found[names[made.group(1)]]["attributes"] |= _attributes(method, child)
    return {name: {k: sorted(v) for k, v in parts.items()} for name, parts in sorted(found.items())}


def both() -> dict[str, Any]:
    """The grammar of calls and of messages."""
    return {"voice": grammar(voice_response), "messaging": grammar(messaging_response)}


def _name(cls: type[TwiML]) -> str:
    found = re.search(r'self\.name = "([^"]+)"', inspect.getsource(cls))
    assert found, cls
    return found.group(1)


def _attributes(method: Any, child: type[TwiML]) -> set[str]:
    content = set(inspect.signature(child).parameters)
    names = [p for p in inspect.signature(method).parameters if p not in ("self", "kwargs")]
    return {base.lower_camel(TwiML.MAP.get(n, n)) for n in names if n not in content}


if __name__ == "__main__":
    GRAMMAR.write_text(json.dumps(both(), indent=1, sort_keys=True) + "\n")
