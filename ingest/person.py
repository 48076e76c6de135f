"""The secret key that turns staff numbers into person keys which nobody can turn back."""

import os
import secrets
from pathlib import Path

from ingest.errors import Fault
from warehouse.disk import whole_or_not
from warehouse.home import Home

_KEY_BYTES = 32


def key_file(home: Home) -> Path:
    """Where the installation keeps its key."""
    return home.root / "ingest" / "person_key.secret"


def throwaway_key() -> str:
    """A key for a check that stores nothing."""
    return secrets.token_hex(_KEY_BYTES)


def existing_key(home: Home) -> str | None:
    """The installation's key, None before the first load."""
    path = key_file(home)
    if not path.exists():
        return None
    key = path.read_text(encoding="ascii").strip()
    if len(key) != _KEY_BYTES * 2:
        message = f"人员密钥文件 {path} 的内容不完整；请从备份恢复，否则人员标识会全部改变"
        raise Fault(message)
    return key


def obtain_key(home: Home) -> str:
    """The installation's key, created on first use and readable by its owner only."""
    existing = existing_key(home)
    if existing is not None:
        return existing
    path = key_file(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    key = secrets.token_hex(_KEY_BYTES)
    # Half a key after a kill would keep everything from loading.
    with whole_or_not(path) as passing:
        passing.unlink(missing_ok=True)
        descriptor = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(key + "\n")
    return key
