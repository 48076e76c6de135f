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

from ingest.errors import Fault
from warehouse.disk import whole_or_not
from warehouse.home import Home
from warehouse.sealed import (
    DIGEST_BYTES,
    HEADER_BYTES,
    KEY_BYTES,
    MARK,
    PIECE,
    SALT_BYTES,
    TAG,
    cipher_of,
    digest_of,
    key_file,
    nonce,
    read_key,
)

SUFFIX = ".aes"


def existing_archive_key(home: Home) -> bytes:
    """The installation's archive key; raises Fault where it is missing or damaged."""
    key = read_key(home)
    if key is None:
        message = (
            f"归档密钥 {key_file(home)} 不存在或不完整；没有它，加密的归档文件无法打开，"
            "请从备份恢复密钥"
        )
        raise Fault(message)
    return key


def _refuse_second_key(home: Home) -> None:
    """Raise Fault where files lie that another key has sealed: a new key would not open them."""
    sealed = [path for path in home.archive.glob(f"*{SUFFIX}") if digest_of(path) is not None]
    if sealed:
        message = (
            f"归档密钥 {key_file(home)} 不见了，归档里有 {len(sealed)} 个用它加密的文件，"
            "没有另建新密钥；请从备份把密钥放回原处；确实找不回来时，请先把这些文件"
            f"（{home.archive} 中的 *{SUFFIX}）移到别处"
        )
        raise Fault(message)


def obtain_archive_key(home: Home) -> bytes:
    """The installation's archive key, made on first use and readable by its owner only.

    Raises Fault where the key is missing and the archive holds files that were sealed with it.
    """
    path = key_file(home)
    if not path.exists():
        _refuse_second_key(home)
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_or_not(path) as passing:
            passing.unlink(missing_ok=True)
            descriptor = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(KEY_BYTES) + "\n")
    return existing_archive_key(home)


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
    salt = secrets.token_bytes(SALT_BYTES)
    header = MARK + salt + bytes.fromhex(sha256)
    cipher, digest = cipher_of(key, header), hashlib.sha256()
    with whole_or_not(target) as passing:
        with source.open("rb") as plain, passing.open("wb") as sealed:
            sealed.write(header)
            for number, piece, is_last in _pieces(plain, PIECE):
                digest.update(piece)
                sealed.write(cipher.encrypt(nonce(number, is_last=is_last), piece, header))
        if digest.hexdigest() != sha256:
            message = f"{source.name} 在归档时被改动；文件留在原处，请再运行一次"
            raise Fault(message)


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
        header = sealed.read(HEADER_BYTES)
        cipher = cipher_of(key, header)
        for number, piece, is_last in _pieces(sealed, PIECE + TAG):
            opened = cipher.decrypt(nonce(number, is_last=is_last), piece, header)
            digest.update(opened)
            plain.write(opened)
    if digest.digest() != header[-DIGEST_BYTES:]:
        raise InvalidTag
