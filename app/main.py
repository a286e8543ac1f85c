"""create_app(): wiring only."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from app import __version__
from app.background import background
from app.config import Settings
from app.fhir import types
from app.fhir.resources import BY_TYPE
from app.operations import counting
from app.routers import (
    administration,
    authzen,
    cds_hooks,
    compartments,
    documentation,
    episodes,
    fhir,
    fhir_operations,
    measures,
    oauth,
    read_only,
    service,
    sharing,
    short_paths,
    social_map,
    worklists,
)
from app.routers.application import Application
from app.routers.authenticated import Authenticated
from app.routers.boundary import Boundary
from app.routers.compressed import Compressed
from app.routers.cors import cors
from app.routers.protected import Protected
from app.routers.surroundings import Service
from app.service import service_of
from app.storage.facts import KEPT
from app.storage.secrets import secret

# As routes of the application itself: an included router is one more thing to match on each request.
_DOORS: Final = (sharing, authzen, cds_hooks, measures, episodes, social_map, worklists, short_paths, oauth)
_ROUTES: Final = (fhir_operations, *_DOORS, administration, read_only, fhir, compartments, service, documentation)


def create_app(settings: Settings) -> FastAPI:
    """The application on the database that the settings name; it connects when it starts."""
    life = service_of(settings)
    app = Application(
        title="Kith",
        version=__version__,
        lifespan=_lifespan(settings, life),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.service = life
    for routes in _ROUTES:
        app.router.routes.extend(routes.router.routes)
    _put_around(app, settings)
    return app


def app_from_environment() -> FastAPI:
    """The application of a worker process, by the settings in its environment."""
    return create_app(Settings())


def _lifespan(settings: Settings, life: Service) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """What begins before the first request, and ends after the last."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        types.prepare(BY_TYPE)
        KEPT.keep(settings.kept_patients)
        await life.database.open()
        life.cursor_secret = await secret(life.database, "cursor")
        life.audit.start()
        beside = background(settings, life)
        for work in beside:
            work.start()
        try:
            yield
        finally:
            for work in beside:
                await work.stop()
            await counting.stop()
            await life.audit.stop()
            await life.database.close()

    return lifespan


def _put_around(app: FastAPI, settings: Settings) -> None:
    """What each request goes through before a route and after it, the innermost first."""
    app.add_middleware(Authenticated)
    if settings.compress_from:
        app.add_middleware(Compressed, minimum_size=settings.compress_from, compresslevel=5)
    app.add_middleware(Boundary, most_requests=settings.max_requests)
    if settings.cors_origins:  # outside of it, so that scripts can read refusals too
        app.add_middleware(CORSMiddleware, **cors(settings.cors_origins.split()))
    app.add_middleware(Protected, https=settings.own_issuer.startswith("https://"))
