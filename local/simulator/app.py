"""A table of contents: every address of the simulator, one line each."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from . import blocks, business, control, direct, media, samples, sending
from .world import World

PAGE = Path(__file__).with_name("page")
APPS = ["GET", "POST", "DELETE"]


def build(world: World) -> Starlette:
    """The ASGI application of one simulator. Its lifespan runs the deliveries."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        deliveries = asyncio.create_task(world.webhooks.run())
        world.statuses.resume()
        yield
        deliveries.cancel()
        with suppress(asyncio.CancelledError):
            await deliveries
        await world.close()

    app = Starlette(routes=ROUTES, lifespan=lifespan, exception_handlers={404: _not_found})
    app.state.world = world
    return app


async def _page(_request: Request) -> Response:
    return FileResponse(PAGE / "index.html", headers={"cache-control": "no-cache"})


async def _not_found(request: Request, _problem: Exception) -> Response:
    return JSONResponse({"error": {"message": f"Unknown path: {request.url.path}"}}, 404)


ROUTES = [
    Route("/", _page),
    Mount("/page", StaticFiles(directory=PAGE)),
    Mount("/samples", StaticFiles(directory=samples.FOLDER)),
    Route("/health", control.health),
    Route("/events", control.events),
    Route("/contacts", control.list_contacts, methods=["GET"]),
    Route("/contacts", control.put_contact, methods=["POST"]),
    Route("/contacts/{address}/messages", control.thread, methods=["GET"]),
    Route("/contacts/{address}/messages", control.write_messages, methods=["POST"]),
    Route("/contacts/{address}/media", control.write_media, methods=["POST"]),
    Route("/contacts/{address}/events", control.happenings, methods=["POST"]),
    Route("/contacts/{address}/read", control.read, methods=["POST"]),
    Route("/contacts/{address}/number", control.move, methods=["POST"]),
    Route("/sent", control.sent, methods=["GET", "DELETE"]),
    Route("/misbehave", control.misbehave, methods=["GET", "POST"]),
    Route("/webhooks/raw", control.raw_webhook, methods=["POST"]),
    Route("/deliveries", control.deliveries, methods=["GET", "POST"]),
    Route("/templates", control.templates, methods=["GET", "POST", "DELETE"]),
    Route("/notices", control.notices, methods=["POST"]),
    Route("/accounts", control.accounts, methods=["GET", "POST"]),
    Route("/elsewhere", control.strangers, methods=["GET", "DELETE"]),
    Route("/elsewhere/{media_id}", media.elsewhere),
    Route("/verify", control.verify, methods=["POST"]),
    Route("/reset", control.reset, methods=["POST"]),
    Route("/media/{media_id}", media.show),
    Route("/whatsapp_business/attachments/", media.download),
    Route("/ig_messaging_cdn/{name:path}", media.linked),
    Route("/profile_pics/{user_id}.svg", business.profile_picture),
    Route("/{version}/{object_id}/messages", sending.messages, methods=["POST"]),
    Route("/{version}/{object_id}/media", media.upload, methods=["POST"]),
    Route(
        "/{version}/{object_id}/message_attachments", direct.message_attachments, methods=["POST"]
    ),
    Route("/{version}/{object_id}/subscribed_apps", business.subscribed_apps, methods=APPS),
    Route("/{version}/{object_id}/block_users", blocks.blocks, methods=["GET", "POST", "DELETE"]),
    Route("/{version}/{object_id}/message_templates", business.message_templates),
    Route("/{version}/{object_id}/phone_numbers", business.phone_numbers),
    Route("/{version}/{object_id}", business.get_object, methods=["GET"]),
    Route("/{version}/{object_id}", media.remove, methods=["DELETE"]),
]
