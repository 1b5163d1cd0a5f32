"""What every loader is given and gives back."""

from collections.abc import Callable, Mapping
from typing import TypeAlias
from urllib.parse import urlsplit, urlunsplit

from kg.model import Frozen

Progress: TypeAlias = Callable[[str, int], None]
"""Told what is being done, and how many were done of it."""


class LoadError(Exception):
    """A load that could not be done as asked; the message says why and what to do. What it began, a second run mends."""


class Target(Frozen):
    """Where to load: the URL without user and password, the kind of database (a name of DATABASES), and who asks.

    `name` is that of the database within a server that has several.
    """

    url: str
    kind: str
    user: str | None = None
    password: str | None = None
    name: str | None = None

    @classmethod
    def of(cls, url: str, *, kind: str, user: str | None = None, password: str | None = None,
           name: str | None = None) -> "Target":
        """A target whose user and password are those given, else those in the URL."""
        parts = urlsplit(url)
        plain = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])).rstrip("/")
        return cls(url=plain, kind=kind, user=user or parts.username, password=password or parts.password, name=name)


class Loaded(Frozen):
    """What a load did: how many of what it wrote, found unchanged and removed, and the count of each kind at the end.

    `source` and `target` count the same kinds: nodes by label and relationships by type, or triples by graph.
    """

    written: int
    unchanged: int
    removed: int
    source: Mapping[str, int]
    target: Mapping[str, int]
    server: str = ""
    seconds: float = 0

    @property
    def different(self) -> dict[str, tuple[int, int]]:
        """Each kind of which source and target hold different numbers, with both."""
        kinds = sorted({*self.source, *self.target})
        counts = {kind: (self.source.get(kind, 0), self.target.get(kind, 0)) for kind in kinds}
        return {kind: (here, there) for kind, (here, there) in counts.items() if here != there}
