"""The administration pages: users, departments, labels, settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api.blueprint import SIGNED_IN, Doors
from chalicelib.commands import business_hours as attending
from chalicelib.commands import department as departing
from chalicelib.commands import label as labelling
from chalicelib.commands import settings as setting
from chalicelib.commands import user as hiring
from chalicelib.domain.access import Permission
from chalicelib.queries import administration, labels, support_code

if TYPE_CHECKING:
    from chalicelib.api import requests
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World

api = Doors(__name__)


@api.get("/users", may=Permission.USERS)
def get_users(world: World, agent: Agent) -> events.Users:
    """Every user (ADM-1)."""
    return administration.users(world)


@api.post("/users", may=Permission.USERS)
def post_user(world: World, agent: Agent, body: requests.InviteUser) -> events.User:
    """Invite a user: a login is made, and an invitation sent (ADM-1)."""
    return hiring.invite(world, agent, body.model_dump())


@api.put("/users/{agent_id}", may=Permission.USERS)
def put_user(world: World, agent: Agent, agent_id: str, body: requests.SaveUser) -> events.User:
    """Change a user; who is deactivated is cut off at once (PERM-2, PERM-3)."""
    return hiring.save(world, agent, agent_id, body.model_dump())


@api.post("/users/{agent_id}/invitation", may=Permission.USERS)
def post_invitation(world: World, agent: Agent, agent_id: str) -> events.Done:
    """Send the invitation again, to who has not entered yet."""
    return hiring.invite_again(world, agent_id)


@api.get("/departments", may=Permission.SETTINGS)
def get_departments(world: World, agent: Agent) -> events.Departments:
    """Every department, and what uses it (ADM-1)."""
    return administration.departments()


@api.post("/departments", may=Permission.SETTINGS)
def post_department(
    world: World, agent: Agent, body: requests.SaveDepartment
) -> events.DepartmentDetails:
    """Make a department."""
    return departing.add(world, agent, body.model_dump())


@api.put("/departments/{department_id}", may=Permission.SETTINGS)
def put_department_details(
    world: World, agent: Agent, department_id: str, body: requests.SaveDepartment
) -> events.DepartmentDetails:
    """Change a department."""
    return departing.save(world, agent, department_id, body.model_dump())


@api.delete("/departments/{department_id}", may=Permission.SETTINGS)
def delete_department(world: World, agent: Agent, department_id: str) -> events.Done:
    """Delete a department that nothing uses."""
    return departing.remove(world, agent, department_id)


@api.get("/labels", may=SIGNED_IN)
def get_labels(world: World, agent: Agent) -> events.Labels:
    """Tags, custom fields and campaigns."""
    return labels.labels()


@api.post("/tags", may=Permission.SETTINGS)
def post_tag(world: World, agent: Agent, body: requests.SaveTag) -> events.Tag:
    """Make a tag."""
    return labelling.add_tag(world, agent, body.name, body.color)


@api.put("/tags/{tag_id}", may=Permission.SETTINGS)
def put_tag_details(world: World, agent: Agent, tag_id: str, body: requests.SaveTag) -> events.Tag:
    """Change a tag."""
    return labelling.save_tag(world, agent, tag_id, body.name, body.color)


@api.delete("/tags/{tag_id}", may=Permission.SETTINGS)
def delete_tag_details(world: World, agent: Agent, tag_id: str) -> events.Done:
    """Delete a tag that no contact carries."""
    return labelling.remove_tag(world, agent, tag_id)


@api.post("/fields", may=Permission.SETTINGS)
def post_field(world: World, agent: Agent, body: requests.AddField) -> events.Field:
    """Make a custom field."""
    return labelling.add_field(world, agent, body.model_dump())


@api.put("/fields/{field_id}", may=Permission.SETTINGS)
def put_field(world: World, agent: Agent, field_id: str, body: requests.SaveField) -> events.Field:
    """Change a custom field."""
    return labelling.save_field(world, agent, field_id, body.model_dump())


@api.delete("/fields/{field_id}", may=Permission.SETTINGS)
def delete_field(world: World, agent: Agent, field_id: str) -> events.Done:
    """Delete a custom field that no contact has a value in."""
    return labelling.remove_field(world, agent, field_id)


@api.get("/settings", may=Permission.SETTINGS)
def get_settings(world: World, agent: Agent) -> events.Settings:
    """General settings."""
    return administration.settings()


@api.put("/settings", may=Permission.SETTINGS)
def put_settings(world: World, agent: Agent, body: requests.SaveSettings) -> events.Settings:
    """Change the general settings."""
    return setting.save(world, agent, body.model_dump(exclude_none=True))


@api.get("/business-hours", may=Permission.SETTINGS)
def get_business_hours(world: World, agent: Agent) -> events.BusinessHours:
    """When the agency attends."""
    return administration.business_hours(world)


@api.put("/business-hours", may=Permission.SETTINGS)
def put_business_hours(
    world: World, agent: Agent, body: requests.SaveBusinessHours
) -> events.BusinessHours:
    """Say when the agency attends."""
    return attending.save(world, agent, body.model_dump())


@api.get("/support-code", may=Permission.SUPPORT_CODE)
def get_support_code(world: World, agent: Agent) -> events.SupportCode:
    """The agency's code for the reseller (CODE-1)."""
    return support_code.current(world)
