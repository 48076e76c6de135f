"""Encrypts archived files in pieces: any size in little memory, every change noticed on opening.

A file is a header (mark, salt, digest of the plain bytes) and pieces sealed with AES-256-GCM under
a key of its own. Each piece's nonce holds its number and whether it is the last one, so pieces
that are cut off, swapped or added do not open.
"""

import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ingest.errors import Fault
from warehouse.disk import whole_or_not
from warehouse.home import Home

SUFFIX = ".aes"
_MARK = b"XBARC01\n"
_SALT_BYTES = 16
_DIGEST_BYTES = 32
_HEADER_BYTES = len(_MARK) + _SALT_BYTES + _DIGEST_BYTES
_KEY_BYTES = 32
_PIECE = 1 << 20
_TAG = 16


def key_file(home: Home) -> Path:
    """Where the installation keeps the key of its archive: outside lake and archive."""
    return home.root / "ingest" / "archive_key.secret"


def existing_archive_key(home: Home) -> bytes:
    """The installation's archive key; raises Fault where it is missing or damaged."""
    path = key_file(home)
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (FileNotFoundError, ValueError):
        key = b""
    if len(key) != _KEY_BYTES:
        message = (
            f"归档密钥 {path} 不存在或不完整；没有它，加密的归档文件无法打开，请从备份恢复密钥"
        )
        raise Fault(message)
    return key


def obtain_archive_key(home: Home) -> bytes:
    """The installation's archive key, made on first use and readable by its owner only."""
    path = key_file(home)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_or_not(path) as passing:
            passing.unlink(missing_ok=True)
            descriptor = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(_KEY_BYTES) + "\n")
    return existing_archive_key(home)


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=salt, info=b"archive file")
    return AESGCM(derived.derive(key))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if is_last else b"\0")


def _pieces(source: BinaryIO, size: int) -> Iterator[tuple[int, bytes, bool]]:
    """Each piece with its number and whether it is the last; an empty file is one empty piece."""
    number, piece = 0, source.read(size)
    while True:
        following = source.read(size)
        yield number, piece, not following
        if not following:
            return
        number, piece = number + 1, following


def encrypt_file(source: Path, target: Path, *, key: bytes, sha256: str) -> None:
    """Write the encrypted file whole or not at all; `sha256` is the digest of the plain bytes."""
    salt = secrets.token_bytes(_SALT_BYTES)
    header = _MARK + salt + bytes.fromhex(sha256)
    cipher, digest = _cipher(key, salt), hashlib.sha256()
    with whole_or_not(target) as passing:
        with source.open("rb") as plain, passing.open("wb") as sealed:
            sealed.write(header)
            for number, piece, is_last in _pieces(plain, _PIECE):
                digest.update(piece)
                sealed.write(cipher.encrypt(_nonce(number, is_last=is_last), piece, header))
        if digest.hexdigest() != sha256:
            message = f"{source.name} 在归档时被改动；文件留在原处，请再运行一次"
            raise Fault(message)


def digest_of(path: Path) -> str | None:
    """Digest of the plain bytes as an encrypted file's header says; None for any other file."""
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    if len(header) < _HEADER_BYTES or not header.startswith(_MARK):
        return None
    return header[-_DIGEST_BYTES:].hex()


def decrypt_file(source: Path, target: Path, *, key: bytes) -> None:
    """Write the plain file whole or not at all; raises Fault when a byte is not as it was."""
    try:
        with whole_or_not(target) as passing:
            _decrypt(source, passing, key)
    except (InvalidTag, ValueError):
        message = f"{source.name} 无法解密：密钥不对，或文件已损坏；请从备份恢复密钥或该文件"
        raise Fault(message) from None


def _decrypt(source: Path, target: Path, key: bytes) -> None:
    digest = hashlib.sha256()
    # Only its owner may read what is not masked.
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with source.open("rb") as sealed, os.fdopen(descriptor, "wb") as plain:
        header = sealed.read(_HEADER_BYTES)
        cipher = _cipher(key, header[len(_MARK) : len(_MARK) + _SALT_BYTES])
        for number, piece, is_last in _pieces(sealed, _PIECE + _TAG):
            opened = cipher.decrypt(_nonce(number, is_last=is_last), piece, header)
            digest.update(opened)
            plain.write(opened)
    if digest.digest() != header[-_DIGEST_BYTES:]:
        raise InvalidTag
