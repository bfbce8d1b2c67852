"""Two invented programs: one like the mapping that we ship, one that differs in every respect."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

Run = Callable[..., list[str]]

LIFELONG = """
source: lifelong
records: members
person:
  same_when: [name, year]
  name: name
  country: [country.residence, country.nomination]
  city: city
  links: social
award:
  year: year
  country: [country.nomination, country.residence]
  area: {slug: weaving, name: Weaving, category: {slug: crafts, name: Crafts}}
  lasts: open-ended
statuses:
  field: status
  meanings:
    passed-away: {ends: deceased}
    retired: {ends: retired}
    founding-member: {note: Founding member}
    expelled: {ends: term, good_standing: false}
countries: {Sildavia: SI}
"""

GUILD = """
source: guild
person:
  same_when: [Member no.]
  name: Full name
  latin_name: In Latin letters
  country: Lives in
  city: Town
  links: {website: Homepage, github: Code}
award:
  year: Honoured
  country: Represented
  area:
    field: Subject
    values:
      Net: {slug: networking, name: Networks, category: {slug: servers, name: Servers}}
    otherwise: {slug: guild-subjects, name: Subjects of the guild}
  starts_in_month: 7
  lasts: 12
  citation: For
statuses:
  field: Remarks
  separator: "/"
  meanings:
    Departed: {ends: deceased}
    Founder: {note: One of the founders}
"""

MEMBERS = """\
members:
  - name: Dr. Ilze Kalnmuiža
    year: 2014
    country:
      nomination: Latvia
      residence: The Netherlands
    city: Delft
    social:
      website: https://ilze.example/
      mastodon: https://toots.example/@ilze
  - name: Anton (Toni) Fernwald
    year: 2005
    country:
      nomination: Scotland
    status:
      - founding-member
      - passed-away
  - name: 王小织
    year: 2019
    country:
      nomination: Türkiye
    social:
"""


@pytest.fixture
def run(db: None, tmp_path: Path) -> Run:
    """``run(text)`` imports a file of that text and returns what the command printed, line by line."""
    (tmp_path / "lifelong.yaml").write_text(LIFELONG, encoding="utf-8")
    (tmp_path / "guild.yaml").write_text(GUILD, encoding="utf-8")

    def run(
        text: str | bytes, *options: str, name: str = "roster.yml", mapping: str = "lifelong"
    ) -> list[str]:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        output = StringIO()
        call_command(
            "import_roster",
            str(path),
            *options,
            "--mapping",
            str(tmp_path / f"{mapping}.yaml"),
            stdout=output,
        )
        return output.getvalue().splitlines()

    return run


def member(name: str = "Ada Vītola", year: str = "2015", **more: str) -> str:
    """One record of the first program; ``nomination`` is Latvia unless said otherwise."""
    nomination = more.pop("nomination", "Latvia")
    lines = [f"  - name: {name}", f"    year: {year}", "    country:", f"      nomination: {nomination}"]
    return "\n".join([*lines, *(f"    {key}: {value}" for key, value in more.items())]) + "\n"


def members(*records: str) -> str:
    return "members:\n" + "".join(records)
