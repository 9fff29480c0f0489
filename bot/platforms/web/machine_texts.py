"""What the site says to programs, and to whoever runs it."""

from typing import Final

from bot.texts import NAME

NO_JSON: Final = 'Send JSON such as {"text": "/tune key=G"}.'
NO_SUCH_ADDRESS: Final = "There is nothing at this address; send commands to POST /api/chat."
WRONG_METHOD: Final = "This address takes another method; send commands to POST /api/chat."


def opened(url: str) -> str:
    """Say at start where the site is."""
    return f"{NAME} is on {url}"


def port_taken(host: str, port: int, reason: str) -> str:
    """Say that the site cannot listen."""
    return f"I can't listen on {host}, port {port} ({reason}); set HOST or PORT to something else."


def bad_header(name: str) -> str:
    """Refuse a request that makes no sense."""
    return f"I can't read the header {name} of this request."


def full(most: int) -> str:
    """Say that the site holds as many connections as it may."""
    return f"The site is full ({most} connections); it turns others away. SITE_CONNECTIONS bounds them."


def no_more_files(reason: str) -> str:
    """Say that no connection can be accepted."""
    return f"The site can't accept connections ({reason}); it goes on trying. A higher ulimit -n helps."
