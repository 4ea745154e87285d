"""Two small pages for people, the API's reference and the live view of a session's browser, and the way to them.

They load nothing else, and run no script but the one that they are delivered with.
"""

import base64
import hashlib
import re
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from outrider import __version__
from outrider.api.document_parts import document_of

__all__ = ["router"]

_FOLDER: Final = Path(__file__).parent / "pages"
_POLICY: Final = (
    "default-src 'none'; style-src {style}; script-src {script}; connect-src 'self'; img-src data:; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)
_HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

#: Addresses are relative, so that they hold behind a proxy that puts the server under a path.
_REFERENCE_ADDRESS: Final = "docs"
_DESCRIPTION_ADDRESS: Final = "openapi.json"
_INDEX: Final = {
    "name": "Outrider",
    "version": __version__,
    "docs": _REFERENCE_ADDRESS,
    "openapi": _DESCRIPTION_ADDRESS,
    "errors": "v1/errors",
    "health": "healthz",
}


def _page(name: str) -> HTMLResponse:
    text = (_FOLDER / name).read_text(encoding="utf-8")
    policy = _POLICY.format(style=_hashes("style", text), script=_hashes("script", text))
    return HTMLResponse(text, headers=_HEADERS | {"Content-Security-Policy": policy})


def _hashes(tag: str, text: str) -> str:
    """The contents of all elements of that kind, as a policy names them (CSP 3, section 2.3.1)."""
    contents = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(content.encode()).digest()).decode() for content in contents)
    return " ".join(f"'sha256-{digest}'" for digest in digests)


_REFERENCE: Final = _page("docs.html")
_LIVE: Final = _page("live.html")


@router.get("/", response_class=Response)
async def start(request: Request) -> Response:
    """Leads people to the reference, and tells programs where things are."""
    headers = {"Vary": "Accept"}
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(_REFERENCE_ADDRESS, headers=headers)
    return JSONResponse(_INDEX, headers=headers)


@router.get(f"/{_REFERENCE_ADDRESS}")
async def reference() -> HTMLResponse:
    """The endpoints, with a form to try each."""
    return _REFERENCE


@router.get(f"/{_DESCRIPTION_ADDRESS}", response_class=JSONResponse)
def description(request: Request) -> JSONResponse:
    """The OpenAPI document. Making it takes a while the first time, which is why it is made in a thread."""
    return JSONResponse(document_of(request.app))


@router.get("/live/{session_id}")
async def live(session_id: str) -> HTMLResponse:
    """Where ``vnc_url`` leads. The page takes the token from its address, or asks for the key."""
    del session_id  # the page reads it from its address
    return _LIVE
