"""A SPARQL store over HTTP: queries, updates, graphs, and what its failures mean."""

from collections.abc import Generator, Iterable
from types import TracebackType
from typing import Any, Self

import httpx
import pyoxigraph as ox

from kg.databases.contract import LoadError, Target
from kg.databases.products import PRODUCTS, Product, outdated, recognised

_PATIENCE = httpx.Timeout(600, connect=10)
_TRIES = 3
_TRANSIENT = (502, 503, 504)


class _Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


class Endpoint:
    """An open connection to a SPARQL store; a context manager. Every method raises LoadError where it cannot be done."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._client = httpx.Client(timeout=_PATIENCE, follow_redirects=False, headers={"User-Agent": "kg"})
        self.kind, self.server = target.kind, ""
        self.product: Product = PRODUCTS["oxigraph"]

    def __enter__(self) -> Self:
        try:
            answer = self._send("GET", self._target.url, ok=range(600))
            self.kind = self.kind or recognised(answer.headers) or ""
            if not self.kind:
                raise LoadError(f"{self._target.url} does not say which database it is; say it with --as: {', '.join(PRODUCTS)}")
            if self.kind not in PRODUCTS:
                raise LoadError(f"{self.kind} is not loaded over HTTP; --as takes {', '.join(PRODUCTS)} for {self._target.url}")
            self.product = PRODUCTS[self.kind]
            if least := outdated(self.product, self.server):
                raise LoadError(f"{self._target.url} is {self.server}; {self.kind} {least} or later is supported: update it")
            if login := self._login():
                self._client.auth = login
            self.query("SELECT (1 AS ?graph) (1 AS ?value) WHERE {}")
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def query(self, text: str) -> list[tuple[str, str]]:
        """The rows of a SELECT of two values."""
        answer = self._send("POST", self._target.url + self.product.query, data={"query": text},
                            headers={"Accept": "application/sparql-results+json"})
        try:
            solutions = ox.parse_query_results(answer.content, ox.QueryResultsFormat.JSON)
        except (SyntaxError, ValueError):
            raise LoadError(f"{answer.request.url} does not answer SPARQL queries: {_first(answer.text)!r}") from None
        assert isinstance(solutions, ox.QuerySolutions)
        return [(_value(one[0]), _value(one[1])) for one in solutions]

    def update(self, text: str) -> None:
        """Do a SPARQL update."""
        self._send("POST", self._target.url + self.product.update, data={"update": text})

    def put_graph(self, graph: str, pieces: Iterable[bytes]) -> None:
        """Make a graph hold just these triples (N-Triples, in pieces)."""
        method = "PUT"
        for piece in pieces:
            self._graph(method, graph, content=piece, headers={"Content-Type": "application/n-triples"})
            method = "POST"

    def add_quads(self, quads: bytes) -> None:
        """Add N-Quads."""
        self._send("POST", f"{self._target.url}{self.product.quads}", content=quads,
                   headers={"Content-Type": "application/n-quads"})

    def delete_graph(self, graph: str) -> None:
        """Remove a graph, where it is there."""
        self._graph("DELETE", graph, ok=(*range(200, 300), 404))

    def _graph(self, method: str, graph: str, *, ok: Iterable[int] = range(200, 300), **options: Any) -> None:
        self._send(method, self._target.url + self.product.graphs, ok=ok, params={"graph": graph}, **options)

    def _login(self) -> httpx.Auth | None:
        user, password = self._target.user, self._target.password
        if self.product.login == "bearer":
            return _Bearer(password) if password else None
        if user is None:
            return None
        digest = self.product.login == "digest"
        return httpx.DigestAuth(user, password or "") if digest else httpx.BasicAuth(user, password or "")

    def _send(self, method: str, url: str, *, ok: Iterable[int] = range(200, 300), **options: Any) -> httpx.Response:
        """A request; one that the server was too busy for, or that it hung up on, is tried again: all can be repeated."""
        for left in reversed(range(_TRIES)):
            try:
                answer = self._client.request(method, url, **options)
            except httpx.TransportError as error:
                if left and isinstance(error, httpx.RemoteProtocolError | httpx.ReadError | httpx.WriteError):
                    continue
                raise LoadError(f"cannot reach {self._target.url}: {_first(str(error)) or type(error).__name__}; is the "
                                "server running, and the address right?") from None
            except httpx.HTTPError as error:
                raise LoadError(f"{self._target.url}: {_first(str(error))}") from None
            self.server = answer.headers.get("server", self.server)
            if answer.status_code in ok:
                return answer
            if not left or answer.status_code not in _TRANSIENT:
                break
        raise LoadError(self._refusal(answer))

    def _refusal(self, answer: httpx.Response) -> str:
        """What an answer that is none means."""
        url, code, said = self._target.url, answer.status_code, _first(answer.text)
        if code in (401, 403):
            who = f"user {self._target.user!r}" if self._target.user else "a request without a user"
            return f"{url} refuses {who}: check --user and the password (KG_PASSWORD), and that they may write"
        if code == 404:
            return f"{answer.request.url.copy_with(query=None)} is not there: check the name of the dataset or repository in the URL"
        if code == 405 or code == 501:
            return f"{url} does not take this request ({answer.request.method}): does it allow writing, and is it {self.kind}?"
        if code == 507 or any(words in answer.text for words in ("No space left", "disk full", "Disk full", "out of disk")):
            return f"the disk of {url} is full: free some space there and run this again"
        return f"{url} answered {code}: {said}"


def _first(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")[:300]


def _value(term: object) -> str:
    assert isinstance(term, ox.NamedNode | ox.Literal)
    return term.value
