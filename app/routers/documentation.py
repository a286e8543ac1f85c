"""The API's documentation: /openapi.json, and /docs for reading, which loads nothing from the internet.

The assets of Swagger UI come from the package fastapi-offline; only its files are used.
"""

from functools import cache
from hashlib import sha256
from importlib.resources import files

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from app.fhir.errors import NotFound
from app.openapi.file import document
from app.routers.direct import DirectRoute

router = APIRouter(route_class=DirectRoute, include_in_schema=False)

_ASSETS = {
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
    "favicon.png": "image/png",
}
_HTML = "text/html; charset=utf-8"
# Swagger UI sets style attributes from its script and draws its icons from data: addresses.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE = b"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Kith API</title>
<link rel="icon" href="docs/favicon.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="documentation"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
# Swagger UI follows every reference before it shows an operation, and FHIR's types refer to each other in circles:
# it is given schemas one level deep, as OpenAPI 3.0, which it reads in parts. For OAuth 2.0 it would ask for a secret,
# which no client has here: it is given the field for a token alone. /openapi.json is whole.
_START = b"""const shallow = (schema) =>
  Array.isArray(schema) ? schema.map(shallow)
  : schema === null || typeof schema !== "object" ? schema
  : typeof schema.$ref === "string" ? { type: "object", description: schema.$ref.split("/").pop() }
  : Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, shallow(value)]));

fetch("openapi.json").then((answer) => answer.json()).then((whole) => {
  const schemas = Object.entries(whole.components.schemas).map(([name, schema]) => [name, shallow(schema)]);
  const securitySchemes = Object.fromEntries(
    Object.entries(whole.components.securitySchemes).filter(([, scheme]) => scheme.type === "http")
  );
  const security = whole.security.filter((one) => Object.keys(one).every((name) => name in securitySchemes));
  const components = { ...whole.components, schemas: Object.fromEntries(schemas), securitySchemes };
  SwaggerUIBundle({
    spec: { ...whole, openapi: "3.0.3", components, security },
    dom_id: "#documentation",
    deepLinking: true,
    docExpansion: "none",
    defaultModelsExpandDepth: 0,
    validatorUrl: null
  });
});
"""


@router.get("/openapi.json")
async def get_openapi(request: Request) -> Response:
    # The first time it has to be built, which takes a moment that other requests need not wait for.
    return _kept(request, await run_in_threadpool(document), "application/json")


@router.get("/docs")
async def get_page(request: Request) -> Response:
    return _kept(request, _PAGE, _HTML)


@router.get("/docs/{name}")  # noqa: FAST003  # a direct route takes the request alone
async def get_asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name == "start.js":
        return _kept(request, _START, _ASSETS["swagger-ui-bundle.js"])
    if name not in _ASSETS:
        raise NotFound(f"There is nothing at {request.url.path[:200]}.")
    return _kept(request, _asset(name), _ASSETS[name])


@cache
def _asset(name: str) -> bytes:
    return files("fastapi_offline").joinpath("static", name).read_bytes()


@cache
def _etag(content: bytes) -> str:
    return f'"{sha256(content).hexdigest()[:32]}"'


def _kept(request: Request, content: bytes, media_type: str) -> Response:
    """The content, or 304 when the browser has it; it asks each time, since a new release may bring another."""
    headers = {
        "ETag": _etag(content),
        "Cache-Control": "no-cache",
        "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff",
    }
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(b"", 304, headers)
    return Response(content, 200, headers, media_type)
