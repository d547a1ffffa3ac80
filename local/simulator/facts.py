"""What Meta says of the business's own accounts, where a test has changed it."""

from .store import Store
from .wire import Json

KIND = "fact"
SUBSCRIBED = "subscribed_apps"


class Facts:
    """Fields by object id, over those that every simulated account has."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._all = {document["id"]: document["fields"] for document in store.all(KIND)}

    def of(self, object_id: str) -> Json:
        """The changed fields of one object."""
        return dict(self._all.get(object_id, {}))

    def change(self, object_id: str, fields: Json) -> None:
        """Change some."""
        self._all[object_id] = self.of(object_id) | fields
        self._store.put(KIND, object_id, {"id": object_id, "fields": self._all[object_id]})

    def clear(self) -> None:
        """As every account is."""
        self._all.clear()
        self._store.clear(KIND)
