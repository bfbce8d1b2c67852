"""How much is invented: ``seeds/sizes.yaml``."""

from dataclasses import dataclass, replace

from mvp_program.seeding.reading import Entry, read_entry

SIZES = ("S", "M", "L-tenth", "L", "XL")
FIGURES = (
    "persons", "in_force", "nominations", "declined", "expired", "screened_out", "reviewers", "reviews", "reviewed",
    "drafts", "contributions",
)  # fmt: skip


CROWD_FIGURES = ("persons", "in_force", "awards", "contributions")


@dataclass(frozen=True)
class CrowdSize:
    """Those of a size whom the roster alone knows; they count among its persons, awards in force and contributions."""

    persons: int = 0
    in_force: int = 0
    awards: int = 0
    contributions: int = 0


@dataclass(frozen=True)
class Size:
    """The figures of one size; see the comments in the file."""

    name: str
    persons: int
    in_force: int
    nominations: int
    declined: int
    expired: int
    screened_out: int
    reviewers: int
    reviews: int
    reviewed: int
    drafts: int
    contributions: int
    growth: tuple[int, ...]
    first_year_share: float
    countries: dict[str, float]
    areas: dict[str, float]
    other_areas: float
    crowd: CrowdSize = CrowdSize()

    @property
    def core(self) -> "Size":
        """Without the crowd: the people who may take part in the cycle in review."""
        crowd = self.crowd
        return replace(
            self,
            persons=self.persons - crowd.persons,
            in_force=self.in_force - crowd.in_force,
            contributions=self.contributions - crowd.contributions,
            crowd=CrowdSize(),
        )


def read_size(name: str) -> Size:
    """One of ``SIZES`` with the curve and the weights that all of them share."""
    file = read_entry("sizes").only(*SIZES, "growth", "first_year_share", "countries", "areas", "other_areas")
    row = file.entry(name).only(*FIGURES, "crowd")
    return Size(
        name=name,
        **{figure: row.number(figure) for figure in FIGURES},
        growth=tuple(file["growth"]),
        first_year_share=float(file["first_year_share"]),
        countries=_weights(file.entry("countries")),
        areas=_weights(file.entry("areas")),
        other_areas=float(file["other_areas"]),
        crowd=_crowd(row.entry("crowd")) if "crowd" in row else CrowdSize(),
    )


def _crowd(row: Entry) -> CrowdSize:
    row.only(*CROWD_FIGURES)
    return CrowdSize(**{figure: row.number(figure) for figure in CROWD_FIGURES})


def _weights(row: Entry) -> dict[str, float]:
    return {name: float(row.number(name)) for name in row}
