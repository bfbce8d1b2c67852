"""What the style guide's components hold: invented people and cases, in the shapes that the components ask for."""

from typing import Any

ANCHORS = [
    "Repeats documentation",
    "Correct, routine",
    "Sound, some original work",
    "Original, others build on it",
    "Changes how the field works",
]
HOLDERS = [37, 64, 121, 212, 330, 452, 601, 788, 1046, 1398, 1925, 2631]

SWATCHES = [
    ("paper", "page ground"),
    ("surface", "cards, header"),
    ("sunken", "wells"),
    ("ink", "text"),
    ("muted", "second text"),
    ("rule", "hairlines"),
    ("brand", "ribbon blue"),
    ("tint", "selection"),
    ("gold", "award moments"),
    ("good", "valid"),
    ("warn", "attention"),
    ("bad", "stop"),
]

TIMELINE = [
    {"title": "You sent the nomination", "state": "done", "when": "28 September 2004"},
    {
        "title": "Regional review",
        "state": "done",
        "pill": "Went forward",
        "pill_kind": "good",
        "when": "Finished 22 October 2004",
    },
    {
        "title": "Technology review",
        "state": "current",
        "pill": "Now",
        "pill_kind": "gold",
        "when": "1 – 21 November 2004",
        "text": "Two of three reviews are in. Nothing is needed from you.",
    },
    {"title": "Letters go out", "when": "3 January 2005"},
]
WITHDRAWN = [{"title": "Withdrawn", "state": "bad", "when": "4 October 2004, by the nominee"}]
TRACK = [
    {
        "title": "Nominations",
        "state": "done",
        "when": "1 Aug – 30 Sep 2004",
        "text": "4,118 people nominated from 71 countries.",
    },
    {
        "title": "Regional leads",
        "state": "done",
        "when": "1 – 31 Oct 2004",
        "text": "3,204 went forward.",
    },
    {
        "title": "Technology leads",
        "state": "current",
        "when": "1 – 21 Nov 2004",
        "text": "1,967 of 3,204 dossiers reviewed.",
    },
    {"title": "Product-team councils", "when": "22 Nov – 12 Dec 2004"},
    {"title": "Announcement", "when": "3 Jan 2005"},
]
STEPS = [
    {"label": "About you", "state": "done", "href": "#stepper"},
    {"label": "The person and the evidence", "state": "current"},
    {"label": "Who can vouch"},
    {"label": "Check and send"},
]
STEPS_RTL = [
    {"label": "عنك", "state": "done", "href": "#right-to-left"},
    {"label": "المرشح والأدلة", "state": "current"},
    {"label": "الشهود"},
    {"label": "المراجعة"},
]
TIMELINE_RTL = [
    {"title": "أُرسل الترشيح", "state": "done", "when": "٢٨ أيلول ٢٠٠٤"},
    {
        "title": "مراجعة التقنية",
        "state": "current",
        "pill": "الآن",
        "pill_kind": "gold",
        "text": "وصلت مراجعتان.",
    },
    {"title": "تُرسل الرسائل", "when": "٣ كانون الثاني ٢٠٠٥"},
]
TODO = [
    {
        "due": "21 Nov",
        "left": "in 9 days",
        "title": "Add reach to two contributions in your renewal",
        "why": "Without a number, reviewers cannot score reach.",
        "act": "Add reach",
        "href": "#to-do",
        "primary": True,
    },
    {
        "due": "28 Nov",
        "left": "in 16 days",
        "title": "Hristo Belchinov asks you for an endorsement",
        "act": "Answer",
        "href": "#to-do",
    },
]
CHECKS = [
    {"state": "good", "title": "Inside the window"},
    {
        "state": "warn",
        "title": "No reach given",
        "text": "Reviewers score it.",
        "act": "Add it",
        "href": "#checks",
    },
    {"state": "bad", "title": "The link does not answer"},
    {"title": "Not checked yet"},
]
TABS = [
    {"label": "People you nominated", "href": "#tabs", "current": True, "count": 2},
    {"label": "Nominations of you", "href": "#tabs", "count": 0},
]
ENTRIES = [
    {"title": "Asia MVP Summit", "href": "#entries", "lines": ["Singapore · 21–22 February 2005", "412 of 450 places"]},
    {"title": "Global MVP Summit", "href": "#entries", "lines": ["Redmond · 4–7 April 2005"], "pill": "Full", "pill_kind": "warn"},
]  # fmt: skip
COLUMNS = [
    {"label": "Technology"},
    {"label": "Holders", "numeric": True, "sort": "descending", "href": "#table"},
    {"label": "Countries", "numeric": True},
]
ROWS = [["SQL Server", 187, 41], ["Visual Basic", 164, 38], ["Exchange Server", 148, 36]]
FACETS = [
    {
        "title": "Technology",
        "name": "area",
        "open": True,
        "options": [
            {"value": "sql-server", "label": "SQL Server", "count": 187, "checked": True},
            {"value": "visual-basic", "label": "Visual Basic", "count": 1640},
            {"value": "none", "label": "An area without holders", "count": 0},
        ],
    },
    {
        "title": "Region",
        "name": "region",
        "open": False,
        "options": [{"value": "ce", "label": "Central Europe"}],
    },
]
FLOW = [
    {"name": "Nominated", "number": 4118, "note": "from 71 countries"},
    {"name": "Regional review", "number": 3204, "note": "went forward"},
    {"name": "Technology review", "number": 1967, "soft": 3204, "note": "reviewed of 3,204"},
    {"name": "Council", "number": None, "note": "opens 22 Nov"},
]
FUNNEL = FLOW[:3]
SCORES = [
    {"label": "Empty", "value": ""},
    {"label": "Scored 4", "value": 4},
    {"label": "Refused", "value": 5, "error": "A 5 needs 80 characters of reason"},
    {"label": "Disabled after recusal", "value": 2, "disabled": True},
]
RUBRIC = [
    {
        "name": "Conduct",
        "weight": 15,
        "question": "How do they treat those they help?",
        "anchors": [
            "Serious concerns",
            "Uneven",
            "Courteous",
            "Generous under pressure",
            "Sets the tone for others",
        ],
    }
]
TALLY = [
    {"number": 64, "words": "New"},
    {"number": 19, "words": "The same", "note": "left alone"},
    {"number": 9, "words": "Changed"},
    {"number": 8, "words": "Refused", "note": "see the reasons"},
]
COMPARE = [("Title", "Two gateways, one subnet", "Two gateways, one subnet"), ("Views", "4,100", "4,350")]
CHOICES = [
    {"title": "Accept", "text": "You choose what reviewers read.", "label": "Accept"},
    {"title": "Not now", "text": "This nomination ends.", "label": "Not now"},
    {"title": "Refuse", "text": "Everything is erased.", "label": "Refuse and erase"},
]
CONFIRMATIONS = [
    {
        "done": True,
        "when": "2 January 2005, 13:05 UTC",
        "name": "Beatrix Lindenau",
        "key": "BL2",
        "line": "Program office, prepared this release",
    },
    {"done": False, "when": "needed by 3 January, 08:45 UTC"},
]
ANSWERS = [("Name", "Өнөрбаатарын Сүрэн"), ("Country", "Mongolia"), ("Statement", "One.\n\nTwo.")]
FACTS = [
    ("Issued", "1 January 2004"),
    ("Valid until", "31 December 2004"),
    ("Credential ID", "MVP-2004-H7Q2-0K9D"),
]
FIGURES = [("holders", "2,631"), ("countries", "64")]
KEYS = [
    ("Score", [(["1", "5"], "mark the current criterion"), (["N"], "not applicable, once")]),
    ("Move", [(["J"], "next case"), (["K"], "previous case")]),
    ("Screening", [(["P"], "pass"), (["F"], "fail, then a reason"), (["U"], "unsure"), (["Z"], "undo")]),
]
KEY_ROW = [(["J", "K"], "next, previous"), (["S"], "save"), (["?"], "all keys")]
CLOCK = [(9, "days"), (14, "hours")]
MAP_STEPS = ["none", "1–9", "10–49", "50–149", "150 or more"]
STRIPES = [{"tone": tone, "x": 11 * place} for place, tone in enumerate("dddddbaaacda")]
RISING = [3, 5, 6, 9, 9, 13, 14]
BAR_ROWS = [("SQL Server", 187), ("Visual Basic", 164)]
MAP_NUMBERS = {"348": 87, "124": 532, "702": 12}
TALLY_WORDS = ["Article", "4,100 views"]
SEGMENTS = ["done", "done", "current", "", ""]
CHIPS = [{"label": "SQL Server", "href": "#chip"}, {"label": "לאה", "href": "#chip"}]


def people(year: int) -> list[dict[str, Any]]:
    """Names, places and ribbons that try the layout: many scripts, one very long name, no award, gaps."""
    rows: list[tuple[str, str, str, str, list[int]]] = [
        ("Okwudili Anyanwoke", "", "SQL Server", "Lagos, Nigeria", [year]),
        ("ნინო აბაშიძელი", "Nino Abashidzeli", "Excel", "Kutaisi, Georgia", [*range(year - 3, year + 1)]),
        ("לאה בן־ארזי", "Lea Ben-Arzi", "Security", "Haifa, Israel", [year - 5, year - 4, year - 1, year]),
        ("宮野原 さつき", "Satsuki Miyanohara", "Visual Basic", "松本, Japan", [*range(year - 21, year + 1)]),
        ("Өнөрбаатарын Сүрэн", "", "Windows Server – Networking", "Erdenet, Mongolia", [year - 30, year]),
        (
            "Maria da Conceição Albuquerque de Vasconcellos-Przybyszewska",
            "",
            "Windows Server – Terminal Services",
            "São José dos Pinhais, Brazil",
            [],
        ),
    ]
    names = ("name", "latin", "area", "place", "years")
    return [
        {**dict(zip(names, row, strict=True)), "key": row[0], "href": "#person-and-avatar"} for row in rows
    ]


def samples() -> dict[str, Any]:
    """Every constant of this module under its name in small letters."""
    return {name.lower(): value for name, value in globals().items() if name.isupper()}
