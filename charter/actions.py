"""What moves the program itself."""

from django.db import transaction
from django.utils.translation import gettext as _

from charter.models import ContentVersion, Program
from charter.queries import content_version
from common import clock, history, markdown
from common.actor import Actor
from common.errors import Outdated
from common.locks import hold


@transaction.atomic
def begin_award_year(year: int, *, by: Actor | None) -> bool:
    """Let an award year be the one in force; False where it, or a later one, already is."""
    program = Program.objects.select_for_update().first()
    if program is None or program.current_year >= year:
        return False
    old, program.current_year = program.current_year, year
    program.save(update_fields=["current_year"])
    history.record("site", "program", "begin_award_year", by=by, old=str(old), new=str(year))
    return True


@transaction.atomic
def publish_content(
    page: str, language: str, *, title: str, body: str, by: Actor | None, shown: int, lead: str = "", note: str = "",
    delivered: bool = False,
) -> ContentVersion:  # fmt: skip
    """Show a new text at a page; the ones before stay. ``shown``: the version that it was begun from, 0 if none.

    A text that is in force already makes no new version. Raises Outdated where somebody else published in between.
    """
    hold(f"content {page} {language}")
    last = content_version(page, language, 0)
    if (last.number if last else 0) != shown:
        raise Outdated(
            _(
                "Somebody published another version while you were writing. Yours is still in the form, and not published."
            )
        )
    if last is not None and (last.title, last.lead, last.body) == (title, lead, body):
        return last
    version = ContentVersion.objects.create(
        page=page, language=language, number=shown + 1, title=title, lead=lead, body=body, html=markdown.render(body),
        note=note, delivered=delivered, published_at=clock.now(),
    )  # fmt: skip
    history.record(
        "content",
        f"{page} {language}",
        "publish_content",
        by=by,
        codes={"version": version.number},
        text=note,
    )
    return version
