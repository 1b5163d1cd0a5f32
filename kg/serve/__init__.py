"""`kg serve`: a store over HTTP, to be asked in SPARQL, searched, and walked through with a browser.

Starlette and uvicorn carry it, and processes with pyoxigraph answer: the store's own server, `oxigraph serve-read-only`,
has neither limits on memory and rows nor a correct answer when time runs out, and cannot stop a query that nobody waits
for. Nothing here writes to the graph.
"""

from kg.serve.app import application
from kg.serve.pool import Limits
from kg.serve.server import run

__all__ = ["Limits", "application", "run"]
