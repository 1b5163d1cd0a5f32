"""Questions in SPARQL: what may be asked, how it is stopped, and what comes back.

A query reads the store and nothing else. Oxigraph's query parser takes no updates; `SERVICE`, which would go out to the
network, and graphs from elsewhere are refused before it sees the text. As Oxigraph cannot be interrupted, a query with
a time limit runs in a process of its own, which is killed.
"""

from kg.sparql.ask import QueryTimeoutError, Substitutions, ask, result_of
from kg.sparql.guard import QueryError, RefusedError, UpdateError, bind, guard
from kg.sparql.result import QueryResult, Term, plain
from kg.sparql.worker import GRAPH_FORMATS, TABLE_FORMATS, FormatError, LimitError, Request

__all__ = [
    "GRAPH_FORMATS", "TABLE_FORMATS", "FormatError", "LimitError", "QueryError", "QueryResult", "QueryTimeoutError",
    "RefusedError", "Request", "Substitutions", "Term", "UpdateError", "ask", "bind", "guard", "plain", "result_of",
]
