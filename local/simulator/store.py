"""Documents that survive a restart: a tiny sqlite table behind everything kept in memory."""

import json
import sqlite3
from pathlib import Path

from .wire import Json


class Store:
    """JSON documents by kind and key, in the order in which they were first put.

    Writes are in the file when the call returns (a killed process loses nothing).
    """

    def __init__(self, directory: Path | None) -> None:
        if directory is not None:
            directory.mkdir(parents=True, exist_ok=True)
        path = ":memory:" if directory is None else str(directory / "simulator.sqlite3")
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS documents (position INTEGER PRIMARY KEY, kind TEXT,"
            " key TEXT, document TEXT, content BLOB, UNIQUE (kind, key))"
        )

    def put(self, kind: str, key: str, document: Json, content: bytes | None = None) -> None:
        """Write a document, keeping its position when it was there before."""
        self._connection.execute(
            "INSERT INTO documents (kind, key, document, content) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (kind, key) DO UPDATE SET document = excluded.document",
            (kind, key, json.dumps(document), content),
        )

    def put_all(self, kind: str, documents: dict[str, Json]) -> None:
        """Write many documents in one transaction."""
        self._connection.execute("BEGIN")
        for key, document in documents.items():
            self.put(kind, key, document)
        self._connection.execute("COMMIT")

    def delete(self, kind: str, keys: list[str]) -> None:
        """Forget these documents."""
        self._connection.execute("BEGIN")
        self._connection.executemany(
            "DELETE FROM documents WHERE kind = ? AND key = ?", [(kind, key) for key in keys]
        )
        self._connection.execute("COMMIT")

    def clear(self, kind: str) -> None:
        """Forget every document of a kind."""
        self._connection.execute("DELETE FROM documents WHERE kind = ?", (kind,))

    def all(self, kind: str) -> list[Json]:
        """Every document of a kind, oldest first."""
        rows = self._connection.execute(
            "SELECT document FROM documents WHERE kind = ? ORDER BY position", (kind,)
        )
        return [json.loads(document) for (document,) in rows]

    def content(self, kind: str, key: str) -> bytes | None:
        """The bytes stored beside a document."""
        row = self._connection.execute(
            "SELECT content FROM documents WHERE kind = ? AND key = ?", (kind, key)
        ).fetchone()
        return None if row is None else row[0]

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
