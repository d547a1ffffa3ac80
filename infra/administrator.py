"""The row of an agency's first administrator, written through the product's own stores."""

from collections.abc import Callable, Mapping

from infra.place import Place


def write_agent(place: Place, stack: Mapping[str, str]) -> Callable[[str, str, str], None]:
    """A function of `sub`, e-mail and name that writes an agent who may do everything.

    One who is there already is left as they are: permissions are changed on their page.
    """
    from chalicelib.domain.access import Agent, Permission
    from chalicelib.domain.ids import AgentId
    from chalicelib.stores import people, tables

    tables.bind(stack["DeskTable"], stack["ConnectionsTable"], region=place.region)

    def write(sub: str, email: str, name: str) -> None:
        if people.agent(sub) is None:
            people.save_agent(
                Agent(
                    agent_id=AgentId(sub),
                    name=name,
                    email=email,
                    active=True,
                    permissions=frozenset(Permission),
                    department_ids=frozenset(),
                )
            )

    return write
