"""With which status and sentence the site answers what went wrong."""

from aiohttp import web

from bot.core import InternalError
from bot.platforms.web import machine_texts as machine
from bot.platforms.web import texts as site
from bot.store import StoreError
from generator.errors import BusyError, FriendlyError, RenderError


def status_of(error: FriendlyError) -> int:
    """Return the HTTP status for an error that has a sentence."""
    if isinstance(error, InternalError):
        return 500
    if isinstance(error, RenderError | StoreError):
        return 503
    return 429 if isinstance(error, BusyError) else 400


def sentence_for(error: web.HTTPException, path: str) -> str:
    """Say in a sentence what HTTP says in a number, for who asked for this path of the site."""
    if not path.startswith("/api/"):
        return site.NO_TUNE if path.startswith("/t/") else site.NO_PAGE
    by_status = {
        404: machine.NO_SUCH_ADDRESS,
        405: machine.WRONG_METHOD,
        408: site.TOO_SLOW,
        413: site.BODY_TOO_LARGE,
    }
    return by_status.get(error.status, machine.NO_JSON)
