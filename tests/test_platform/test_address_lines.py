"""What comes through the web server's own limits: whatever may stand in an address is answered by the site."""

import socket

import pytest
from django.test import Client
from gunicorn.config import Config
from gunicorn.http.errors import LimitRequestLine
from gunicorn.http.parser import RequestParser

from mvp_program import gunicorn_conf

pytestmark = pytest.mark.django_db


def line_read(length: int) -> str:
    """What gunicorn makes of a query string that comes over a socket, with the settings that the site is served with."""
    here, there = socket.socketpair()
    with here, there:
        here.sendall(f"GET /roster/?q={'x' * length} HTTP/1.1\r\nHost: testserver\r\n\r\n".encode())
        here.shutdown(socket.SHUT_WR)
        given = Config()
        given.set("limit_request_line", gunicorn_conf.limit_request_line)
        return str(next(RequestParser(given, there, None)).query)


@pytest.mark.parametrize(("length", "status"), [(10_000, 200), (13_000, 400)])
@pytest.mark.parametrize("address", ["/roster/", "/api/v1/people"])
def test_a_long_query_string_is_answered_by_the_site(
    client: Client, address: str, length: int, status: int
) -> None:
    answer = client.get(f"{address}?{line_read(length)}")
    assert answer.status_code == status
    assert "X-Request-ID" in answer


def test_an_address_line_without_an_end_is_not_read_on() -> None:
    with pytest.raises(LimitRequestLine):
        line_read(40_000)
