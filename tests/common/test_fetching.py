"""Reading somebody else's address: from a server that misbehaves in every way, on this machine."""

import gzip
import ipaddress
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from common.fetching import BYTES, Guard, Unreachable, fetch, is_public

HERE = ipaddress.ip_address("127.0.0.1")


class Misbehaving(BaseHTTPRequestHandler):
    """One bad habit a path; each request is noted in ``server.seen``."""

    def do_GET(self) -> None:
        self.server.seen.append((self.path, self.headers["Host"]))
        with suppress(OSError):  # the other side has had enough
            getattr(self, "say" + self.path.partition("?")[0].replace("/", "_"))()

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, *args: Any) -> None:
        """In silence."""

    def _send(self, body: bytes = b"", status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def say_page(self) -> None:
        self._send(b"<title>Two gateways</title>", Content_Type="text/html")

    def say_packed(self) -> None:
        self._send(gzip.compress(b"<title>Packed</title>"), Content_Encoding="gzip")

    def say_drip(self) -> None:
        self._send()
        for _ in range(200):
            self.wfile.write(b"<")
            time.sleep(0.1)

    def say_drip_head(self) -> None:
        for _ in range(200):
            self.wfile.write(b"H")
            time.sleep(0.1)

    def say_silence(self) -> None:
        time.sleep(5)

    def say_endless(self) -> None:
        self._send()
        while True:
            self.wfile.write(b"x" * 65_536)

    def say_bomb(self) -> None:
        self._send(gzip.compress(b"0" * 50_000_000), Content_Encoding="gzip")

    def say_false_gzip(self) -> None:
        self._send(b"this is no gzip", Content_Encoding="gzip")

    def say_garbage(self) -> None:
        self.wfile.write(b"\x00\x01 nothing that anybody knows\r\n\r\n")

    def say_to(self) -> None:
        self._send(status=302, Location=self.path.partition("?")[2])

    def say_round(self) -> None:
        self._send(status=302, Location="/round")

    def say_short(self) -> None:
        self._send(b"abc", Content_Length="1000")


@contextmanager
def serving(site: type[BaseHTTPRequestHandler]) -> Iterator[ThreadingHTTPServer]:
    """A site on the loopback for a module's tests; ``seen`` gathers what it was asked."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), site)
    server.daemon_threads = True
    server.seen = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadingHTTPServer]:
    with serving(Misbehaving) as server:
        yield server


@pytest.fixture
def site(server: ThreadingHTTPServer) -> str:
    return f"http://good.example:{server.server_port}"


def names(host: str, port: int) -> list[str]:
    """good.example is this server; any other host is what it says."""
    return ["127.0.0.1"] if host == "good.example" else [host]


LOCAL = Guard(resolve=names, allows=lambda address: address == HERE or is_public(address), ports=None)


def test_a_page_is_read_under_its_own_name(site: str, server: ThreadingHTTPServer) -> None:
    answer = fetch(f"{site}/page?a=ä b", guard=LOCAL)
    assert (answer.status, answer.body, answer.cut) == (200, b"<title>Two gateways</title>", False)
    assert server.seen[-1] == ("/page?a=%C3%A4%20b", f"good.example:{server.server_port}")


def test_a_packed_page_is_unpacked(site: str) -> None:
    assert fetch(f"{site}/packed", guard=LOCAL).body == b"<title>Packed</title>"


def test_a_redirect_is_followed(site: str) -> None:
    assert fetch(f"{site}/to?/page", guard=LOCAL).url == f"{site}/page"


@pytest.mark.parametrize("path", ["/drip", "/drip_head", "/silence"])
def test_who_is_slow_is_left_in_time(path: str, site: str) -> None:
    begun = time.monotonic()
    with pytest.raises(Unreachable, match="slow"):
        fetch(site + path, seconds=0.6, guard=LOCAL)
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize("path", ["/endless", "/bomb"])
def test_of_what_has_no_end_a_megabyte_is_read(path: str, site: str) -> None:
    answer = fetch(site + path, seconds=20, guard=LOCAL)
    assert (len(answer.body), answer.cut) == (BYTES, True)


@pytest.mark.parametrize("path", ["/garbage", "/false_gzip"])
def test_who_speaks_nonsense_is_broken(path: str, site: str) -> None:
    with pytest.raises(Unreachable, match="broken"):
        fetch(site + path, guard=LOCAL)


def test_a_page_that_breaks_off_is_read_as_far_as_it_goes(site: str) -> None:
    assert fetch(f"{site}/short", guard=LOCAL).body == b"abc"


def test_going_round_ends(site: str) -> None:
    with pytest.raises(Unreachable, match="redirects"):
        fetch(f"{site}/round", guard=LOCAL)


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.2/",
        "http://[::1]/",
        "http://10.0.0.1/",
        "file:///etc/passwd",
        "http://u:p@good.example/",
    ],
)
def test_no_redirect_leads_inside(to: str, site: str) -> None:
    with pytest.raises(Unreachable, match="address"):
        fetch(f"{site}/to?{to}", guard=LOCAL)


def test_a_name_is_resolved_once_and_that_address_is_taken(site: str, server: ThreadingHTTPServer) -> None:
    answers = [["127.0.0.1"], ["127.0.0.2"]]
    guard = Guard(
        resolve=lambda host, port: answers.pop(0), allows=lambda address: address == HERE, ports=None
    )
    assert fetch(f"{site}/page", guard=guard).status == 200
    assert answers == [["127.0.0.2"]]


def test_a_name_with_one_address_inside_is_refused_whole(site: str) -> None:
    guard = Guard(resolve=lambda host, port: ["93.184.216.34", "10.0.0.1"])
    with pytest.raises(Unreachable, match="address"):
        fetch("http://both.example/", guard=guard)


def test_a_resolver_that_hangs_is_left_in_time() -> None:
    def hang(host: str, port: int) -> list[str]:
        time.sleep(2)
        return []

    guard = Guard(resolve=hang)
    with pytest.raises(Unreachable, match="slow"):
        fetch("http://slow.example/", seconds=0.3, guard=guard)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/", "http://127.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest/", "http://0.0.0.0/", "ftp://a.example/", "http:///x", "http://[/", "http://a:99999/",
        "gopher://a.example/", "http://93.184.216.34:22/",
    ],
)  # fmt: skip
def test_the_real_guard_lets_nothing_of_this_machine_be_read(url: str) -> None:
    with pytest.raises(Unreachable, match=r"address|name"):
        fetch(url)


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("::ffff:93.184.216.34", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False), ("169.254.1.1", False),
        ("100.64.0.1", False), ("224.0.0.1", False), ("255.255.255.255", False), ("0.0.0.0", False),
        ("::1", False), ("::", False), ("fe80::1", False), ("fe80::1%eth0", False), ("fc00::1", False), ("ff02::1", False),
        ("::ffff:10.0.0.1", False), ("::127.0.0.1", False), ("64:ff9b::a00:1", False), ("2002:a00:1::", False),
        ("2001:0:a00:1::1", False), ("fec0::1", False),
    ],
)  # fmt: skip
def test_only_the_open_internet_is_public(text: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(text)) is public
