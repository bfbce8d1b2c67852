"""Browsers of one line: they keep cookies, hand back the form's token, and sign in on the demo's page."""

import http.client
import json
import re
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class Visitor:
    """One person at one server; any status but the expected one ends the run."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.location: str | None = None

    def sign_in(self, person_key: str) -> "Visitor":
        """As a member of the cast, by the demo's form."""
        self.learn_token("/demo/")
        self.post("/demo/sign-in/", {"person": person_key})
        return self

    def learn_token(self, address: str) -> str:
        """Read a page for the token of its forms, and return the page."""
        page = self.get(address).decode()
        if found := TOKEN.search(page):
            self.token = found[1]
        return page

    def get(self, address: str, *, status: int = 200) -> bytes:
        return self._ask("GET", address, status=(status,))

    def follow(self, address: str) -> bytes:
        """A page behind any number of redirects."""
        while True:
            page = self._ask("GET", address, status=(200, 302))
            if self.location is None:
                return page
            address = self.location

    def post(self, address: str, fields: dict[str, Any], *, accept: str = "text/html") -> bytes:
        """Send a form; a redirect is the answer of most of them and is not followed."""
        body = urlencode({**fields, "csrfmiddlewaretoken": self.token})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept}
        return self._ask("POST", address, body, headers, status=(200, 302))

    def post_json(self, address: str, fields: dict[str, Any]) -> Any:
        """Send a form as a script does, and read the answer."""
        return json.loads(self.post(address, fields, accept="application/json"))

    def _ask(
        self,
        method: str,
        address: str,
        body: str | None = None,
        headers: dict[str, str] | None = None,
        *,
        status: tuple[int, ...],
    ) -> bytes:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        known = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        origin = {"Host": f"localhost:{self.port}", "Origin": f"http://localhost:{self.port}"}
        client.request(
            method,
            address,
            body,
            {**origin, "Cookie": known, "Accept-Encoding": "identity", **(headers or {})},
        )
        answer = client.getresponse()
        content = answer.read()
        client.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: part.value for name, part in SimpleCookie(line).items()}
        self.location = answer.headers.get("Location")
        if answer.status not in status:
            raise SystemExit(f"{method} {address} answered {answer.status}: {content[:300]!r}")
        return content
