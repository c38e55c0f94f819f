"""SSH public keys of users, in the two forms that IAM takes and shows: OpenSSH's line and PEM.

Source: IAM API reference, UploadSSHPublicKey; CodeCommit User Guide, "Set up SSH connections"; `iam-sts` reference,
section 11.
"""

import base64
import hashlib
from datetime import datetime
from enum import StrEnum

import msgspec

from remit.directory.facts import AlreadyExists, NotFound, Noun, Quota, limit
from remit.ids import AccountId, IdPrefix, new_entity_id
from remit.store import Kind, Transaction

_RSA_BITS_MIN = 2_048
_PEM = "-----BEGIN "
# What OpenSSH's lines begin with, of whatever algorithm.
_SSH = ("ssh-", "ecdsa-", "sk-")


class KeyEncoding(StrEnum):
    """How a key is written."""

    SSH = "SSH"
    PEM = "PEM"


class KeyFlaw(StrEnum):
    """Why a key is refused."""

    ENCODING = "neither of the two forms"
    KEY = "not an RSA key of 2,048 bits or more"


class SshPublicKey(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A public key of a user.

    Attributes:
        bodies: encoding -> the key in it; the one it was uploaded in is kept as it was.
        fingerprint: MD5 of the key, colon separated, as `ssh-keygen -E md5 -l` prints it.
    """

    id: str
    account: AccountId
    owner: str
    bodies: dict[KeyEncoding, str]
    fingerprint: str
    created_at: datetime
    active: bool = True


SSH_PUBLIC_KEYS = Kind("ssh_public_key", SshPublicKey, groups={"owner": lambda key: (key.owner,)})


class ReadKey(msgspec.Struct, frozen=True):
    """A key that was read, in both forms."""

    bodies: dict[KeyEncoding, str]
    fingerprint: str


def read_key(body: str) -> ReadKey | KeyFlaw:
    """Read a key in either form. Takes long the first time: only for `Call.slowly`."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    text = body.strip()
    encoding = KeyEncoding.PEM if text.startswith(_PEM) else KeyEncoding.SSH
    if encoding is KeyEncoding.SSH and not text.startswith(_SSH):
        return KeyFlaw.ENCODING
    load = serialization.load_pem_public_key if encoding is KeyEncoding.PEM else serialization.load_ssh_public_key
    try:
        key = load(text.encode())
    except UnsupportedAlgorithm:
        return KeyFlaw.KEY
    except ValueError:
        return KeyFlaw.ENCODING
    if not isinstance(key, RSAPublicKey) or key.key_size < _RSA_BITS_MIN:
        return KeyFlaw.KEY
    ssh = key.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    written = {KeyEncoding.SSH: ssh.decode(), KeyEncoding.PEM: pem.decode()}
    digest = hashlib.md5(base64.b64decode(ssh.split()[1]), usedforsecurity=False).digest()
    return ReadKey({**written, encoding: body}, digest.hex(":"))


def ssh_public_keys(tx: Transaction, owner: str) -> list[SshPublicKey]:
    """Return the keys of a user id, by id."""
    return sorted(tx.select(SSH_PUBLIC_KEYS, "owner", owner), key=lambda key: key.id)


def ssh_public_key(tx: Transaction, owner: str, id_: str) -> SshPublicKey:
    """Find a key of *owner* by its id.

    Raises:
        NotFound: the owner has no such key.
    """
    found = tx.get(SSH_PUBLIC_KEYS, id_)
    if found is None or found.owner != owner:
        raise NotFound(Noun.SSH_PUBLIC_KEY, id_)
    return found


def create_ssh_public_key(
    tx: Transaction, account: AccountId, owner: str, key: ReadKey, *, at: datetime
) -> SshPublicKey:
    """Keep a public key for *owner*.

    Raises:
        AlreadyExists: the owner has it.
        QuotaExceeded: the owner has five, active or not.
    """
    held = ssh_public_keys(tx, owner)
    if any(one.fingerprint == key.fingerprint for one in held):
        raise AlreadyExists(Noun.SSH_PUBLIC_KEY, key.fingerprint)
    limit(Quota.SSH_PUBLIC_KEYS, len(held) + 1)
    created = SshPublicKey(
        id=new_entity_id(IdPrefix.SSH_PUBLIC_KEY),
        account=account,
        owner=owner,
        bodies=key.bodies,
        fingerprint=key.fingerprint,
        created_at=at,
    )
    tx.put(SSH_PUBLIC_KEYS, created)
    return created
