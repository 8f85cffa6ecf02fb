"""What takes seconds to work out of files, kept beside them and read again while neither they nor the code change.

It stands where Python keeps its own compiled modules (``__pycache__``). It may be deleted at any time; where nothing
can be written, it is worked out at each start.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

_CODE = Path(__file__).parent


def name_of(source: Path, content: bytes) -> Path:
    """The file that keeps what was made of ``content`` by this code under this Python."""
    digest = hashlib.sha256(content + _code()).hexdigest()[:32]
    return source.parent / "__pycache__" / f"{source.stem}.{sys.implementation.cache_tag}.{digest}.json"


@cache
def _code() -> bytes:
    """What stands in the files of this package: any change of it may change what is made of a list."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(_CODE.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.digest()


def recall(path: Path) -> Iterator[Any] | None:
    """The values kept there, one after the other; None when there is nothing, or it is not whole."""
    try:
        stamp, *lines = path.read_bytes().split(b"\n")
    except OSError:
        return None
    return map(json.loads, lines) if stamp.decode("ascii", "replace") == _stamp(lines) else None


def keep(path: Path, values: Iterable[Any]) -> bool:
    """Keep them, whole or not at all, and drop what was kept of earlier contents; whether it could be written."""
    lines = [json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() for value in values]
    part = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(exist_ok=True)
        part.write_bytes(b"\n".join([_stamp(lines).encode(), *lines]))
        part.replace(path)
        _drop(other for other in path.parent.glob(f"{path.name.split('.')[0]}.*.json") if other != path)
    except OSError:
        return False
    return True


def _drop(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _stamp(lines: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line + b"\n")
    return digest.hexdigest()
