"""The pictures in ``docs/screenshots/``: ``make screenshots``, after the site has been filled by ``make run``.
``python -m tests.screenshots roster home`` takes only these.

Each page is taken as the member of the demo's cast who would look at it.
"""

import io
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium
from tests.serving import free_port, serve

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
HOLDER = "Ágnes Kővári"
QUALITY = 80  # of WebP: a quarter of the bytes of a PNG, and the letters stay sharp


@dataclass(frozen=True)
class Shot:
    """One picture: of whose page, how wide, in which scheme; ``follow`` is a link to click first; ``full``: all of it,
    else what a window shows."""

    name: str
    address: str
    who: str = ""
    width: int = 1440
    scheme: str = "light"
    follow: str = ""
    full: bool = True


SHOTS = [
    Shot("home", "/"),
    Shot("home-dark-390", "/", width=390, scheme="dark"),
    Shot("roster", "/roster/"),
    Shot("roster-390", "/roster/", width=390),
    Shot("profile", "/people/agnes-kovari/"),
    Shot("profile-dark", "/people/agnes-kovari/", scheme="dark"),
    Shot("award", "/people/agnes-kovari/", follow="text=Check this award"),
    Shot("award-dark-390", "/people/agnes-kovari/", width=390, scheme="dark", follow="text=Check this award"),
    Shot("verify", "/verify/"),
    Shot("numbers", "/numbers/"),
    Shot("numbers-dark-390", "/numbers/", width=390, scheme="dark"),
    Shot("report", "/numbers/", follow="text=Report on"),
    Shot("summit", "/summits/", follow=".entries a"),
    Shot("roster-map-dark", "/roster/?view=map", scheme="dark"),
    Shot("nominate", "/nominate/"),
    Shot("me", "/me/", who=HOLDER),
    Shot("contributions", "/me/contributions/", who=HOLDER),
    Shot("screening", "/review/", who="Rozalia Wyrzykowska"),
    Shot("workbench", "/review/", who="Ilse Achterbergen", follow="a.queue-item"),
    Shot("board", "/board/", who="Casimir Oduya-Brandt", follow="text=Go to the line", full=False),
    Shot("board-dark-390", "/board/", "Casimir Oduya-Brandt", 390, "dark", "text=Go to the line", full=False),
    Shot("protocol", "/protocol/"),
    Shot("plans", "/board/plans/", who="Casimir Oduya-Brandt"),
    Shot("copies", "/board/copies/", who="Casimir Oduya-Brandt"),
    Shot("training", "/review/", who="Blandine Ostrevalle"),
    Shot("office", "/office/", who="Beatrix Lindenau"),
    Shot("summits", "/summits/"),
    Shot("style-guide-dark", "/style-guide/", scheme="dark", full=False),
]


def sign_in(page: Page, who: str) -> None:
    page.goto("/demo/")
    page.get_by_role("button", name=f"Sign in as {who}").click()
    page.wait_for_load_state()


def take(browser: Browser, site: str, shot: Shot) -> None:
    context = browser.new_context(
        base_url=site,
        viewport={"width": shot.width, "height": 900},
        color_scheme="dark" if shot.scheme == "dark" else "light",
        locale="en-GB",
        timezone_id="UTC",
        reduced_motion="reduce",
    )
    context.set_default_timeout(120_000)  # a busy machine takes its time
    page = context.new_page()
    if shot.who:
        sign_in(page, shot.who)
    page.goto(shot.address)
    if shot.follow and (link := page.locator(shot.follow)).count():
        link.first.click()
        page.wait_for_load_state()
    page.evaluate("document.fonts.ready")
    with Image.open(io.BytesIO(page.screenshot(full_page=shot.full))) as picture:
        picture.save(FOLDER / f"{shot.name}.webp", "WEBP", quality=QUALITY, method=6)
    print(f"  {shot.name}.webp", flush=True)
    context.close()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    port = free_port()
    server = serve(port, "mvp_program.settings.demo")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium.find_or_install(), args=chromium.flags()
            )
            for shot in SHOTS:
                if sys.argv[1:] and shot.name not in sys.argv[1:]:
                    continue
                take(browser, f"http://127.0.0.1:{port}", shot)
            browser.close()
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
