"""A backup file: a tar of `manifest.json` and the database, which is sealed as it stands; its digest is checked."""

from __future__ import annotations

import hashlib
import hmac
import json
import shutil
import tarfile
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from app.errors import CareloopError
from app.settings import Settings

FORMAT: Final = 1
MANIFEST, DATABASE = "manifest.json", "database"
_CHUNK: Final = 1 << 20


class BackupWrong(CareloopError):
    """A backup cannot be made, or this file cannot be put back."""

    code = "backup"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: when it was made, of which kind of database, sealed with which keys, and its digest.

    `keys` maps key ids to fingerprints, `index` is the index key's: enough to see whether the keys at hand open it,
    and nothing about the keys themselves.
    """

    format: int
    made_at: str
    database: str
    schema: str
    keys: Mapping[str, str]
    index: str
    sha256: str
    size: int


def fingerprints(settings: Settings) -> tuple[dict[str, str], str]:
    """Of the sealing keys by id, and of the index key."""
    return {name: _fingerprint(key) for name, key in settings.encryption_keys}, _fingerprint(
        settings.index_key
    )


def write(
    target: Path, database: Path, *, kind: str, schema: str, settings: Settings, now: datetime
) -> Manifest:
    """Pack a database file into a backup; it takes the place of an older one only when it was read back whole."""
    keys, index = fingerprints(settings)
    digest, size = _digest(database), database.stat().st_size
    manifest = Manifest(FORMAT, now.isoformat(), kind, schema, keys, index, digest, size)
    # In a folder of its own beside the target: whatever goes wrong, nothing half done is left behind.
    with tempfile.TemporaryDirectory(prefix="careloop-backup-", dir=target.absolute().parent) as folder:
        draft = Path(folder) / f"{target.name}.part"
        with tarfile.open(draft, "w:gz", compresslevel=1) as tar:
            told = json.dumps(asdict(manifest), indent=1).encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size = len(told)
            tar.addfile(entry, BytesIO(told))
            tar.add(database, DATABASE)
        draft.chmod(0o600)
        read(draft, Path(folder))
        draft.replace(target)
    return manifest


def read(source: Path, into: Path) -> tuple[Manifest, Path]:
    """Unpack a backup into a folder and check it; BackupWrong when it is damaged or no backup of ours."""
    try:
        with tarfile.open(source, "r:gz") as tar:
            manifest = _manifest(tar)
            _unpack(tar, into / DATABASE)
    except FileNotFoundError as error:
        raise BackupWrong(f"There is no file {source}.") from error
    except (tarfile.TarError, KeyError, OSError, EOFError, ValueError, TypeError) as error:
        raise BackupWrong(f"{source} is no backup of Careloop, or is damaged: {error}.") from error
    database = into / DATABASE
    if _digest(database) != manifest.sha256:
        raise BackupWrong(f"{source} is damaged: what it holds is not what was put in (SHA-256 differs).")
    return manifest, database


def _unpack(tar: tarfile.TarFile, target: Path) -> None:
    # Not by tar.extract: its safe filter came with Python 3.11.4, and Debian 12 has 3.11.2.
    packed = tar.extractfile(DATABASE)
    if packed is None:
        raise ValueError("the database in it is no file")
    with packed, target.open("wb") as out:
        shutil.copyfileobj(packed, out, _CHUNK)


def require_keys(manifest: Manifest, settings: Settings) -> None:
    """BackupWrong, with what to do, unless the keys at hand open this backup."""
    keys, index = fingerprints(settings)
    missing = sorted(name for name, print_ in manifest.keys.items() if keys.get(name) != print_)
    if missing:
        raise BackupWrong(
            f"This backup needs the ENCRYPTION_KEYS of its time; missing: {', '.join(missing)}."
        )
    if manifest.index != index:
        raise BackupWrong(
            "This backup needs the INDEX_KEY of its time: with another, no patient would be found."
        )


def require_schema(manifest: Manifest, known: Collection[str]) -> None:
    """BackupWrong unless this version can read the tables of the backup: before anything is replaced."""
    if manifest.schema not in known:
        raise BackupWrong(
            f"This backup has tables of a newer Careloop (revision {manifest.schema}): install that one to restore it."
        )


def _manifest(tar: tarfile.TarFile) -> Manifest:
    member = tar.extractfile(MANIFEST)
    manifest = Manifest(**json.load(member)) if member else None
    if manifest is None or manifest.format != FORMAT:
        raise ValueError("its format is not known")
    return manifest


def _fingerprint(key: bytes) -> str:
    return hmac.new(key, b"careloop backup", hashlib.sha256).hexdigest()[:16]


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as data:
        while chunk := data.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
