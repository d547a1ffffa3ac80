"""What the business may ask of itself: its number, its templates, any object by id."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from . import media
from .access import check_access, graph, world_of
from .errors import missing_object
from .paging import page
from .wire import Json
from .world import World

DEFAULT_FIELDS = "verified_name,display_phone_number,quality_rating,id"
LARGEST_PAGE = 100


@graph
async def get_object(request: Request) -> Response:
    """GET /{version}/{id}: the phone number's fields, or where a media file is."""
    world = world_of(request)
    object_id = request.path_params["object_id"]
    check_access(request, of_number=False)
    if world.media.find(object_id):
        return await media.address(request)
    if object_id != world.options.phone_number_id:
        raise missing_object(object_id, "GET")
    return JSONResponse(_fields(request, _phone_number(world)))


@graph
async def phone_numbers(request: Request) -> Response:
    """GET /{version}/{waba_id}/phone_numbers."""
    world = world_of(request)
    _check_account(request)
    return JSONResponse(page(request, [_fields(request, _phone_number(world))], LARGEST_PAGE))


@graph
async def message_templates(request: Request) -> Response:
    """GET /{version}/{waba_id}/message_templates, filtered and paged."""
    world = world_of(request)
    _check_account(request)
    wanted = {
        name: request.query_params[name]
        for name in ("name", "language", "category", "status")
        if name in request.query_params
    }
    found = [
        template
        for template in world.templates.all()
        if all(str(template.get(name)).upper() == value.upper() for name, value in wanted.items())
    ]
    fields = request.query_params.get("fields")
    shown = [_fields(request, one) for one in found] if fields else found
    return JSONResponse(page(request, shown, LARGEST_PAGE))


def _check_account(request: Request) -> None:
    check_access(request, of_number=False)
    account = request.path_params["object_id"]
    if account != world_of(request).options.waba_id:
        raise missing_object(account, "GET")


def _phone_number(world: World) -> Json:
    return {
        "id": world.options.phone_number_id,
        "display_phone_number": world.options.display,
        "verified_name": world.options.verified_name,
        "quality_rating": "GREEN",
        "name_status": "APPROVED",
        "code_verification_status": "VERIFIED",
        "status": "CONNECTED",
        "platform_type": "CLOUD_API",
        "throughput": {"level": "STANDARD"},
        "whatsapp_business_manager_messaging_limit": "TIER_2K",
        "webhook_configuration": {"application": world.options.webhook},
        "health_status": {"can_send_message": "AVAILABLE", "entities": []},
    }


def _fields(request: Request, whole: Json) -> Json:
    asked = request.query_params.get("fields", DEFAULT_FIELDS).split(",")
    return {name: whole[name] for name in [*asked, "id"] if name in whole}
