"""What the head of an encrypted archive file shows, and whether a key opens it."""

from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from warehouse.home import Home

MARK = b"XBARC01\n"
SALT_BYTES = 16
DIGEST_BYTES = 32
HEADER_BYTES = len(MARK) + SALT_BYTES + DIGEST_BYTES
KEY_BYTES = 32
PIECE = 1 << 20
TAG = 16


def key_file(home: Home) -> Path:
    """Where the installation keeps the key of its archive: outside lake and archive."""
    return home.root / "ingest" / "archive_key.secret"


def read_key(home: Home) -> bytes | None:
    """The installation's archive key; None where it is missing or damaged."""
    try:
        key = bytes.fromhex(key_file(home).read_text(encoding="ascii").strip())
    except (FileNotFoundError, ValueError):
        return None
    return key if len(key) == KEY_BYTES else None


def cipher_of(key: bytes, header: bytes) -> AESGCM:
    """The cipher of one file, whose header holds its salt."""
    salt = header[len(MARK) : len(MARK) + SALT_BYTES]
    derived = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=b"archive file")
    return AESGCM(derived.derive(key))


def nonce(number: int, *, is_last: bool) -> bytes:
    """What seals a piece to its place."""
    return number.to_bytes(11, "big") + (b"\1" if is_last else b"\0")


def digest_of(path: Path) -> str | None:
    """Digest of the plain bytes as an encrypted file's header says; None for any other file."""
    with path.open("rb") as file:
        header = file.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES or not header.startswith(MARK):
        return None
    return header[-DIGEST_BYTES:].hex()


def opens(path: Path, key: bytes) -> bool:
    """Whether the key opens an encrypted file's first piece, and so the whole of a sound one."""
    with path.open("rb") as file:
        header, piece, following = (file.read(n) for n in (HEADER_BYTES, PIECE + TAG, 1))
    try:
        cipher_of(key, header).decrypt(nonce(0, is_last=not following), piece, header)
    except (InvalidTag, ValueError):
        return False
    return True


def why_closed(home: Home, path: Path) -> str | None:
    """Why an archived file cannot be opened now; None where it can, or was never encrypted."""
    if digest_of(path) is None:
        return None
    key = read_key(home)
    if key is None:
        return f"归档文件已加密，密钥 {key_file(home)} 不存在或不完整"
    return None if opens(path, key) else f"现有的密钥 {key_file(home)} 打不开这个归档文件"
