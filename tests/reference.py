"""SPEC's table of who may see and do what, written a second time: from its words, by its numbers.

Nothing here is the product's: permissions are the numbers and names of PERM-1, tabs those of TAB.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

# TAB-1 to TAB-4, PERM-1: each tab is a permission of its own.
TAB_OF = {"1": "all", "2": "open", "3": "mine", "4": "in_service"}


def holds(
    tab: str,
    *,
    me: str,
    departments: Collection[str],
    every_department: bool,
    holder: str | None,
    department: str | None,
    is_open: bool,
) -> bool:
    """Whether that tab of that user shows a chat in that state."""
    if tab == "all":  # TAB-1: of every agent and department, assigned or not, closed or not
        return True
    if tab == "mine":  # TAB-3
        return holder == me
    if tab == "in_service":  # TAB-4
        return holder is not None
    # TAB-2: open, and nobody's at all, or of a department of theirs, with or without an agent;
    # TAB-6: number 6 makes every department one of theirs.
    if not is_open:
        return False
    if department is None:
        return holder is None
    return every_department or department in departments


def tabs_with(
    permissions: Collection[str],
    me: str,
    departments: Collection[str],
    holder: str | None,
    department: str | None,
    is_open: bool,
    merged: bool = False,
) -> set[str]:
    """The tabs of theirs that show the chat. One that was merged is nowhere: another has it all."""
    if merged:
        return set()
    return {
        tab
        for number, tab in TAB_OF.items()
        if number in permissions
        and holds(
            tab,
            me=me,
            departments=departments,
            every_department="6" in permissions,
            holder=holder,
            department=department,
            is_open=is_open,
        )
    }


def readable(
    permissions: Collection[str],
    me: str,
    departments: Collection[str],
    holder: str | None,
    department: str | None,
    is_open: bool,
    merged: bool = False,
) -> bool:
    """TAB-7: a user may read a chat if and only if it appears in a tab that they have."""
    state = (holder, department, is_open, merged)
    return bool(tabs_with(permissions, me, departments, *state))
