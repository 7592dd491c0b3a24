"""Ids that people and programs see: random, never sequential, so that they say nothing and cannot be guessed."""

import secrets

# Without vowels and look-alikes: no words by chance, nothing to misread over the telephone.
_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"


def new_public_id() -> str:
    """16 characters, about 77 random bits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(16))


class PublicIdConverter:
    """`<public:…>` in an address: what no id can be (a NUL, say, which PostgreSQL refuses) is found nowhere."""

    regex = "[0-9A-Za-z]{1,32}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
