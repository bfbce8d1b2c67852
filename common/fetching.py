"""Reads an address that somebody else wrote, without being led astray.

Only http and https, only to public addresses, on the ports of the web. A name is resolved once, every address that it
has must be public, and the connection goes to the address that was looked at: a name that answers differently a
moment later (DNS rebinding) changes nothing. Each redirect is looked at in the same way. Time and size are limits of
the whole, however slowly or endlessly the other side sends. Proxies of the environment are not used.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[str]]

SECONDS = 3.0
BYTES = 1_000_000
REDIRECTS = 4
_PORTS = frozenset({80, 443, 8080, 8443})
_CHUNK = 16_384
_MOVED = {301, 302, 303, 307, 308}
_GLOBAL_V6 = ipaddress.ip_network("2000::/3")
_REFUSED_NETWORKS = [
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24", "240.0.0.0/4", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    )
]  # fmt: skip


class Unreachable(Exception):
    """The address could not be read; ``code`` says in a word why, ``sentence`` to whoever asked."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def sentence(self) -> str:
        return {
            "address": _("This address cannot be opened from here."),
            "name": _("There is no such host."),
            "slow": _("The page did not answer within three seconds."),
            "redirects": _("The page only leads from one address to the next."),
            "broken": _("The page did not answer as a web page does."),
        }[self.code]


@dataclass(frozen=True)
class Answer:
    """What came back. ``body`` is unpacked and never longer than was asked for; ``cut``: there would be more."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes = b""
    cut: bool = False


def resolve(host: str, port: int) -> list[str]:
    """Every address that a name has, as the system's resolver says."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: Address) -> bool:
    """Does an address lie in the open internet? Addresses that carry another inside count as that, or not at all."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address not in _GLOBAL_V6:
            return False
    if any(address in network for network in _REFUSED_NETWORKS if network.version == address.version):
        return False
    return address.is_global and not (
        address.is_multicast
        or address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_reserved
    )


@dataclass(frozen=True)
class Guard:
    """Where requests may go. Tests give another resolver and let one local address in."""

    resolve: Resolver = resolve
    allows: Callable[[Address], bool] = is_public
    ports: frozenset[int] | None = _PORTS


OPEN_WEB = Guard()


@dataclass
class _Clock:
    ends: float = field(default_factory=lambda: time.monotonic() + SECONDS)

    @property
    def left(self) -> float:
        left = self.ends - time.monotonic()
        if left <= 0.02:  # a watchdog may wake a moment early
            raise Unreachable("slow")
        return left


def fetch(url: str, *, method: str = "GET", seconds: float = SECONDS, guard: Guard | None = None) -> Answer:
    """Open an address and read at most ``BYTES`` of it within ``seconds``, redirects included."""
    guard, clock = guard or OPEN_WEB, _Clock(time.monotonic() + seconds)
    for _hop in range(REDIRECTS + 1):
        answer = _ask(url, method, guard, clock)
        to = answer.headers.get("location")
        if answer.status not in _MOVED or not to:
            return answer
        try:
            url = urljoin(url, to)
        except ValueError:
            raise Unreachable("broken") from None
    raise Unreachable("redirects")


def _ask(url: str, method: str, guard: Guard, clock: _Clock) -> Answer:
    scheme, host, port, path = _parts(url, guard)
    address = _address_of(host, port, guard, clock)
    try:
        with _connected(scheme, host, port, address, clock) as connection:
            connection.request(method, path, headers=_headers())
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            if response.status in _MOVED or method == "HEAD":
                return Answer(url, response.status, headers)
            body, cut = _body(response, headers, clock)
            return Answer(url, response.status, headers, body, cut)
    except TimeoutError:
        raise Unreachable("slow") from None
    except (OSError, http.client.HTTPException, ValueError, AttributeError, zlib.error):
        # AttributeError: the watchdog has taken the socket away in the middle of a read.
        clock.left  # noqa: B018 - raises where time is the reason
        raise Unreachable("broken") from None


def _parts(url: str, guard: Guard) -> tuple[str, str, int, str]:
    """Scheme, host in ASCII, port, path with query; whatever is no plain web address is refused."""
    try:
        split = urlsplit(url)
        host = (split.hostname or "").rstrip(".")
        port = split.port or {"http": 80, "https": 443}.get(split.scheme, 0)
        if not host.isascii():
            host = host.encode("idna").decode("ascii")
    except ValueError:
        raise Unreachable("address") from None
    if split.scheme not in ("http", "https") or not host or split.username or split.password:
        raise Unreachable("address")
    if guard.ports is not None and port not in guard.ports:
        raise Unreachable("address")
    path = quote(split.path or "/", safe="/%:@!$&'()*+,;=~-._") + (
        "?" + quote(split.query, safe="/%:@!$&'()*+,;=~-._?") if split.query else ""
    )
    return split.scheme, host, port, path


def _address_of(host: str, port: int, guard: Guard, clock: _Clock) -> str:
    """The address to connect to; refused where any that the name has is not public."""
    found: list[list[str]] = []

    def ask() -> None:
        try:
            found.append(guard.resolve(host, port))
        except (OSError, UnicodeError):
            found.append([])

    asking = threading.Thread(target=ask, daemon=True)  # the system's resolver knows no time limit
    asking.start()
    asking.join(clock.left)
    if not found:
        raise Unreachable("slow")
    if not found[0]:
        raise Unreachable("name")
    for text in found[0]:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            raise Unreachable("address") from None
        if not guard.allows(address):
            raise Unreachable("address")
    return found[0][0]


@contextmanager
def _connected(
    scheme: str, host: str, port: int, address: str, clock: _Clock
) -> Iterator[http.client.HTTPConnection]:
    """A connection to ``address`` that calls itself ``host``, and is cut when the time is over."""
    sock: socket.socket = socket.create_connection((address, port), timeout=clock.left)
    if scheme == "https":
        context = ssl.create_default_context()
        sock = context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
    watchdog = threading.Timer(clock.left, _cut, [sock])
    watchdog.daemon = True
    watchdog.start()
    try:
        if isinstance(sock, ssl.SSLSocket):
            sock.do_handshake()
        connection = http.client.HTTPConnection(host, port)
        connection.default_port = (
            443 if scheme == "https" else 80
        )  # named in the Host header where it is another
        connection.sock = sock
        yield connection
    finally:
        watchdog.cancel()
        sock.close()


def _cut(sock: socket.socket) -> None:
    """Wakes whoever reads: a timeout of the socket alone starts anew with each byte of a slow sender."""
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _headers() -> dict[str, str]:
    return {
        "User-Agent": f"MVP-Program-links/1.0 (+{settings.SITE_URL})",
        "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }


def _body(response: http.client.HTTPResponse, headers: dict[str, str], clock: _Clock) -> tuple[bytes, bool]:
    """At most ``BYTES``, counted after unpacking: a small file that unpacks for ever ends there too."""
    packed = headers.get("content-encoding", "").strip().lower()
    unpack = zlib.decompressobj(wbits=47) if packed in ("gzip", "deflate", "x-gzip") else None
    body = b""
    while len(body) < BYTES:
        chunk = response.read1(_CHUNK)
        if not chunk:
            clock.left  # noqa: B018 - cut by the watchdog: raises
            return body, False
        body += unpack.decompress(chunk, BYTES - len(body)) if unpack else chunk
    return body[:BYTES], True
