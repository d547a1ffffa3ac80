"""Gives logins an agent's row, by default with every tab: `python -m tests.e2e.hire`, on stdin."""

import json
import sys

from chalicelib import settings
from chalicelib.domain.access import TAB_PERMISSIONS, Agent, Permission
from chalicelib.domain.ids import AgentId
from chalicelib.stores import people, tables


def main() -> None:
    """Write one row for each {"sub", "email", "name", "everything"}."""
    here = settings.from_environment()
    tables.bind(here.desk_table, here.connections_table, region=here.region)
    for login in json.load(sys.stdin):
        people.save_agent(
            Agent(
                agent_id=AgentId(login["sub"]),
                name=login["name"],
                email=login["email"],
                active=True,
                permissions=frozenset(
                    Permission if login["everything"] else TAB_PERMISSIONS.values()
                ),
                department_ids=frozenset(),
            )
        )


if __name__ == "__main__":
    main()
