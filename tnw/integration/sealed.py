"""Text that cannot be read from the database alone: keys of webhooks, and answers that may hold one."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes


def seal(text: str) -> str:
    """The text, under the application's newest key."""
    return _ciphers().encrypt(text.encode()).decode()


def opened(sealed: str) -> str:
    """What was sealed, under this or a former key. Raises InvalidToken."""
    return _ciphers().decrypt(sealed.encode()).decode()


def fingerprints(content: bytes) -> list[str]:
    """What tells one content from another and tells nothing of it: under the newest key first, then the former ones."""
    return [hmac.new(key, content, hashlib.sha256).hexdigest() for key in _keys()]


def _ciphers() -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in _keys()])


def _keys() -> list[bytes]:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [hashlib.sha256(b"tnw integration " + force_bytes(key)).digest() for key in keys]
