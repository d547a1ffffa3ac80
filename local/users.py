"""The people who can log in to a stack on this machine. What each may do is the seed's matter."""

from dataclasses import dataclass

PASSWORD = "Atendente2026"


@dataclass(frozen=True)
class User:
    """A login."""

    email: str
    name: str
    password: str = PASSWORD


USERS = [
    User("ana@example.com", "Ana Souza"),
    User("bruno@example.com", "Bruno Lima"),
    User("carla@example.com", "Carla Dias"),
    User("davi@example.com", "Davi Rocha"),
    User("elisa@example.com", "Elisa Prado"),
    User("fabio@example.com", "Fábio Nunes"),
]
