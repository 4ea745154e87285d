"""Swagger UI for the surfaces, and the documents that it shows. All of it comes from this server.

The scripts and styles are those of the package ``fastapi-swagger``, which ships what Swagger UI's makers publish.
"""

import json
from collections.abc import Mapping
from importlib import resources
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from outrider.api.client_data.resources import TIERS
from outrider.api.dependencies import wiring_of
from outrider.api.document_parts import document_of, part_of
from outrider.problems import OutriderError

__all__ = ["DOCUMENTS", "router"]

#: Documents by name, and what their paths begin with.
DOCUMENTS: Final[Mapping[str, str]] = {
    "v4": "/v4/",
    **{f"v4-{tier}": f"/v4/{tier}/" for tier in TIERS},
    "v1": "/",
}
#: Of the documents on client data; the other one has the server's.
_CLIENT_DATA: Final = """\
What has happened, to be imported; jobs on time; keys and receivers of webhooks. The path has the tier, which the key
was made with, and the short name of the client that it is of. Send the key as the header `api_key`.

Lists need `offset` and `count`. Times are `YYYY-MM-DDTHH:mm:ss` in UTC. Answers are JSON, or XML for who prefers that;
bodies may be forms as well.

Every failure is one row of [the catalogue](/v1/errors) and comes as the same envelope, with a request id.
"""
_PACKAGE: Final = "fastapi_swagger.resources"
_ASSETS: Final[Mapping[str, str]] = {
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
    "favicon-32x32.png": "image/png",
}
#: Addresses are relative, so that they hold behind a proxy that puts the server under a path.
_PAGE: Final = f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Outrider: Swagger UI</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="favicon-32x32.png">
<link rel="stylesheet" href="swagger-ui.css">
</head>
<body>
<nav>{" · ".join(f'<a href="?document={name}">{name}</a>' for name in DOCUMENTS)}</nav>
<main id="swagger-ui"></main>
<script src="swagger-ui-bundle.js"></script>
<script src="start.js"></script>
</body>
</html>
"""
_START: Final = f"""\
const asked = new URLSearchParams(location.search).get("document");
const name = {json.dumps(list(DOCUMENTS))}.includes(asked) ? asked : "v4";
SwaggerUIBundle({{url: `../docs/${{name}}`, dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null}});
"""
_HEADERS: Final = {"Cache-Control": "no-cache", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
#: Swagger UI writes styles of its own into the page, and shows pictures that are part of its own styles.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)

router = APIRouter(prefix="/swagger", include_in_schema=False)


@router.get("", response_class=RedirectResponse)
@router.get("/ui", response_class=RedirectResponse)
async def start() -> str:
    """Leads to the page."""
    return "/swagger/ui/index"


@router.get("/ui/index", response_class=HTMLResponse)
async def page() -> HTMLResponse:
    """The operations, with a form to try each."""
    return HTMLResponse(_PAGE, headers={**_HEADERS, "Content-Security-Policy": _POLICY})


@router.get("/ui/start.js", response_class=Response)
async def script() -> Response:
    """Sets Swagger UI up."""
    return Response(_START, media_type="text/javascript", headers=_HEADERS)


@router.get("/ui/{asset}", response_class=Response)
def assets(asset: str) -> Response:
    """What Swagger UI is made of."""
    if asset not in _ASSETS:
        raise OutriderError("ROUTE_NOT_FOUND", method="GET", path=f"/swagger/ui/{asset[:100]}", suggestion="")
    content = resources.files(_PACKAGE).joinpath(asset).read_bytes()
    return Response(content, media_type=_ASSETS[asset], headers=_HEADERS)


@router.get("/docs/{version}", response_class=JSONResponse)
def document(version: Annotated[str, Path()], request: Request) -> JSONResponse:
    """An OpenAPI document of a part of the server; programs such as Postman can import it."""
    if version not in DOCUMENTS:
        raise OutriderError("DOCUMENT_NOT_FOUND", version=version[:100], known=", ".join(DOCUMENTS))
    server = wiring_of(request).base_url(request.scope)
    part = part_of(document_of(request.app), DOCUMENTS[version], server)
    if version.startswith("v4"):
        part["info"] = {**part["info"], "description": _CLIENT_DATA}
    return JSONResponse(part)
