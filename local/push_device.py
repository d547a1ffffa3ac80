"""A browser's half of a push subscription: its keys, and how it opens what comes (RFC 8291).

Made of primitives alone, not of what the product encrypts with: a library that can read what it
wrote itself proves nothing.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SALT_BYTES = 16
HEADER_BYTES = SALT_BYTES + 4 + 1  # then the sender's key, whose length is the last of these
POINT_BYTES = 65
LAST_RECORD = b"\x02"


class Undecryptable(Exception):
    """A browser would throw the push away. The message says why."""


@dataclass(frozen=True)
class Keys:
    """What the browser keeps for itself, and `auth`, which it shares with the page."""

    private: ec.EllipticCurvePrivateKey
    auth: bytes

    def __repr__(self) -> str:
        return "Keys(…)"

    @classmethod
    def made(cls) -> Keys:
        """Fresh ones."""
        return cls(ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16))

    @classmethod
    def from_text(cls, private: str, auth: str) -> Keys:
        """Those that `private_text` and `to_text` of `auth` told."""
        number = int.from_bytes(from_text(private), "big")
        return cls(ec.derive_private_key(number, ec.SECP256R1()), from_text(auth))

    @property
    def private_text(self) -> str:
        """The private key as text."""
        return to_text(self.private.private_numbers().private_value.to_bytes(32, "big"))

    @property
    def point(self) -> bytes:
        """The public key."""
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def read(self, body: bytes) -> bytes:
        """What was encrypted for these keys by `aes128gcm`. Raises Undecryptable."""
        salt, length = body[:SALT_BYTES], body[SALT_BYTES : HEADER_BYTES - 1]
        sender = body[HEADER_BYTES : HEADER_BYTES + POINT_BYTES]
        record = body[HEADER_BYTES + POINT_BYTES :]
        if len(sender) < POINT_BYTES or body[HEADER_BYTES - 1] != POINT_BYTES:
            raise Undecryptable("the header is not that of a push")
        if len(record) > int.from_bytes(length, "big"):
            raise Undecryptable("more than one record")
        try:
            secret = self.private.exchange(
                ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
            )
        except ValueError:
            raise Undecryptable("the sender's key is no point of the curve") from None
        shared = derived(self.auth, secret, b"WebPush: info\0" + self.point + sender, 32)
        key = derived(salt, shared, b"Content-Encoding: aes128gcm\0", 16)
        nonce = derived(salt, shared, b"Content-Encoding: nonce\0", 12)
        try:
            padded = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        except (InvalidTag, ValueError):
            raise Undecryptable("encrypted for other keys, or changed on the way") from None
        if not padded.endswith(LAST_RECORD):
            raise Undecryptable("the record does not end as the last one does")
        return padded.removesuffix(LAST_RECORD)


def derived(salt: bytes, material: bytes, purpose: bytes, length: int) -> bytes:
    """HKDF by SHA-256 (RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=purpose).derive(material)


def to_text(raw: bytes) -> str:
    """base64url without padding, as browsers write it."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """What `to_text` wrote. Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
