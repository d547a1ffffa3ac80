"""What the business may ask of itself: its number, its templates, any object by id."""

from html import escape

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from . import media
from .access import check_access, graph, json_object, world_of
from .contacts import Contact
from .errors import GraphError, missing_object
from .facts import SUBSCRIBED
from .paging import page
from .wire import Json
from .world import World

DEFAULT_FIELDS = "verified_name,display_phone_number,quality_rating,id"
LARGEST_PAGE = 100


@graph
async def get_object(request: Request) -> Response:
    """GET /{version}/{id}: an account's fields, a person's, or where a media file is."""
    world = world_of(request)
    object_id = request.path_params["object_id"]
    page, instagram = (world.options.account(name) for name in ("facebook", "instagram"))
    if object_id in (page.id, "me") or object_id == instagram.id:
        return _direct_account(request, world)
    contact = world.contacts.find(object_id)
    if contact and contact.channel != "whatsapp" and not world.media.find(object_id):
        return _person(request, world, contact)
    check_access(request, of_number=False)
    if world.media.find(object_id):
        return await media.address(request)
    if object_id != world.options.phone_number_id:
        raise missing_object(object_id, "GET")
    return JSONResponse(_fields(request, _phone_number(world)))


def _direct_account(request: Request, world: World) -> Response:
    """The page or the Instagram account; `me` is whichever the token is of."""
    options = world.options
    page, instagram = options.account("facebook"), options.account("instagram")
    object_id = request.path_params["object_id"]
    tokens = {page.id: {page.token}, instagram.id: {instagram.token, page.token}}
    tokens["me"] = {page.token, instagram.token}
    check_access(request, of_number=False, tokens=tokens[object_id])
    given = request.headers.get("authorization", "").partition(" ")[2]
    given = given or request.query_params.get("access_token", "")
    own = instagram.token != page.token and given == instagram.token
    if object_id == instagram.id or (object_id == "me" and own):
        return JSONResponse(_fields(request, _instagram(world), "username,name,id"))
    return JSONResponse(_fields(request, _page(world), "name,id"))


def _person(request: Request, world: World, contact: Contact) -> Response:
    """Who wrote, and nobody else (META.md 8)."""
    options = world.options
    tokens = {options.account("facebook").token}
    if contact.channel == "instagram":
        tokens.add(options.account("instagram").token)
    check_access(request, of_number=False, tokens=tokens)
    if contact.last_inbound_at is None:
        raise GraphError(230, "", product="page")
    first, _, last = contact.name.partition(" ")
    whole: Json = {
        "id": contact.user_id,
        "name": contact.name,
        "profile_pic": f"{world.origin}/profile_pics/{contact.user_id}.svg",
    }
    if contact.channel == "facebook":
        whole |= {"first_name": first, "last_name": last, "locale": "pt_BR"}
        return JSONResponse(_fields(request, whole, "first_name,last_name,profile_pic,id"))
    whole |= {
        "username": contact.username or "",
        "follower_count": 128,
        "is_verified_user": False,
        "is_user_follow_business": True,
        "is_business_follow_user": False,
    }
    asked = request.query_params.get("fields", "name,username,profile_pic").split(",")
    wrong = [name for name in asked if name not in whole and name]
    if wrong:
        raise GraphError(
            100, "", message=f"(#100) Tried accessing nonexisting field ({wrong[0]})",
            product="page",
        )  # fmt: skip
    return JSONResponse(_fields(request, whole, "name,username,profile_pic"))


def _page(world: World) -> Json:
    options = world.options
    return {
        "id": options.page_id,
        "name": options.page_name,
        "category": "Loja",
        "link": f"https://www.facebook.com/{options.page_id}",
        "is_webhooks_subscribed": SUBSCRIBED in world.facts.of(options.page_id),
        "instagram_business_account": {"id": options.instagram_id},
    } | world.facts.of(options.page_id)


def _instagram(world: World) -> Json:
    options = world.options
    return {
        "id": options.instagram_id,
        "user_id": options.instagram_id,
        "username": options.instagram_username,
        "name": options.page_name,
        "account_type": "BUSINESS",
        "profile_picture_url": f"{world.origin}/profile_pics/{options.instagram_id}.svg",
        "followers_count": 4210,
        "media_count": 96,
    } | world.facts.of(options.instagram_id)


@graph
async def subscribed_apps(request: Request) -> Response:
    """The apps that get an account's webhooks: GET, POST and DELETE of ours."""
    world = world_of(request)
    options = world.options
    object_id = request.path_params["object_id"]
    page, instagram = options.account("facebook"), options.account("instagram")
    tokens = {
        page.id: {page.token},
        instagram.id: {instagram.token},
        "me": {instagram.token, page.token},
        options.waba_id: {options.token},
    }
    if object_id not in tokens:
        check_access(request, of_number=False)
        raise missing_object(object_id, request.method)
    check_access(request, of_number=False, tokens=tokens[object_id])
    if request.method == "GET":
        fields = world.facts.of(object_id).get(SUBSCRIBED)
        app = {"id": options.app_id, "name": "Atendente", "subscribed_fields": fields or []}
        return JSONResponse({"data": [] if fields is None else [app]})
    wished = request.query_params.get("subscribed_fields", "")
    body = await json_object(request) if not wished and request.method == "POST" else {}
    wished = wished or body.get("subscribed_fields") or ""
    fields = wished if isinstance(wished, list) else [one for one in wished.split(",") if one]
    if request.method == "POST" and not fields and object_id != options.waba_id:
        raise GraphError(
            100, "", message="(#100) Param subscribed_fields is required", product="page"
        )
    world.facts.change(object_id, {SUBSCRIBED: fields if request.method == "POST" else None})
    return JSONResponse({"success": True})


async def profile_picture(request: Request) -> Response:
    """GET of a profile picture: the first letter on a colour."""
    world = world_of(request)
    named = request.path_params["user_id"]
    contact = world.contacts.find(named)
    letter = escape((contact.name if contact else world.options.page_name)[:1].upper())
    colour = int(named[-6:] or 0) % 360 if named.isdigit() else 200
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96">'
        f'<rect width="96" height="96" fill="hsl({colour} 45% 45%)"/>'
        '<text x="48" y="64" font-size="44" font-family="sans-serif" text-anchor="middle"'
        f' fill="#fff">{letter}</text></svg>'
    )
    headers = {"x-content-type-options": "nosniff", "content-security-policy": "default-src 'none'"}
    return Response(drawing, media_type="image/svg+xml", headers=headers)


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
    } | world.facts.of(world.options.phone_number_id)


def _fields(request: Request, whole: Json, usual: str = DEFAULT_FIELDS) -> Json:
    asked = request.query_params.get("fields", usual).split(",")
    return {name: whole[name] for name in [*asked, "id"] if name in whole}
