"""Read the headers that say who asks and how, and refuse those that make no sense."""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from aiohttp import hdrs, web

from bot.platforms.web import machine_texts as machine
from bot.settings import Network
from generator.errors import RequestError

Address = IPv4Address | IPv6Address

# A name, or an IPv6 address in brackets; a port (RFC 3986, 3.2.2, without what no browser sends).
_HOST: Final = re.compile(r"(?:[A-Za-z0-9_.-]{1,255}|\[(?P<v6>[0-9A-Fa-f:.]+)\])(?::(?P<port>\d{1,5}))?")
_FORWARDED: Final = re.compile(r"\[(?P<v6>[^\]]+)\](?::\d{1,5})?|(?P<v4>[\d.]+):\d{1,5}|(?P<bare>\S+)")
_FOR: Final = "X-Forwarded-For"
_UNKNOWN: Final = "unknown"  # from a proxy that does not say, or not know, whom it serves (RFC 7239, 6.2)
_PACKINGS: Final = frozenset({"identity", "gzip", "deflate"})  # that aiohttp unpacks without more libraries


def check_headers(request: web.BaseRequest) -> None:
    """Refuse a request whose headers cannot be read.

    Raises:
        RequestError: the request has no host, or one that is none; is packed in a way that we don't know;
            or was forwarded for what is no address.
    """
    hosts = request.headers.getall(hdrs.HOST, [])
    if len(hosts) > 1 or (not hosts and request.version >= (1, 1)) or not all(map(_is_host, hosts)):
        raise RequestError(machine.bad_header(hdrs.HOST))
    packing = request.headers.get(hdrs.CONTENT_ENCODING, "identity").strip().lower()
    if packing not in _PACKINGS:
        raise RequestError(machine.bad_header(hdrs.CONTENT_ENCODING))
    _forwarded(request)


def visitor_address(request: web.BaseRequest, proxies: Sequence[Network]) -> str:
    """Return a visitor's address: the last one that no proxy of ours has.

    Args:
        request: whose headers were checked.
        proxies: whose word counts.
    """
    address = _address(request.remote or "")
    for sender in reversed(_forwarded(request)):
        if address is None or not any(address in network for network in proxies):
            break
        address = sender
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))  # one household has so many
    return str(address or request.remote)


def is_neighbour(request: web.BaseRequest) -> bool:
    """Tell whether a request comes from this machine or a private network, and through no proxy."""
    address = _address(request.remote or "")
    through = any(name in request.headers for name in (_FOR, hdrs.FORWARDED, hdrs.VIA))
    return address is not None and address.is_private and not through


def accepts_gzip(request: web.BaseRequest) -> bool:
    """Tell whether a browser takes gzip (RFC 9110, 12.5.3)."""
    for entry in request.headers.get(hdrs.ACCEPT_ENCODING, "").lower().split(","):
        name, _, weight = entry.partition(";")
        if name.strip() in ("gzip", "*"):
            return not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", weight)
    return False


def _is_host(host: str) -> bool:
    found = _HOST.fullmatch(host)
    if not found or (found["v6"] and _address(found["v6"]) is None):
        return False
    return int(found["port"] or 0) <= 65_535


def _forwarded(request: web.BaseRequest) -> list[Address | None]:
    """List for whom a request was forwarded, the nearest last; None for one that is not said.

    Raises:
        RequestError: one of them is no address.
    """
    entries = [entry.strip() for line in request.headers.getall(_FOR, []) for entry in line.split(",")]
    senders: list[Address | None] = []
    for entry in filter(None, entries):
        found = _FORWARDED.fullmatch(entry)
        address = _address(found["v6"] or found["v4"] or found["bare"]) if found else None
        if address is None and entry.lower() != _UNKNOWN:
            raise RequestError(machine.bad_header(_FOR))
        senders.append(address)
    return senders


def _address(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
