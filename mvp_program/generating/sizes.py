"""How much is invented: ``seeds/sizes.yaml``."""

from dataclasses import dataclass

from mvp_program.seeding.reading import Entry, read_entry

SIZES = ("S", "M", "L-tenth", "L")
FIGURES = (
    "persons", "in_force", "nominations", "declined", "expired", "screened_out", "reviewers", "reviews", "reviewed",
    "drafts", "contributions",
)  # fmt: skip


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


def read_size(name: str) -> Size:
    """One of ``SIZES`` with the curve and the weights that all of them share."""
    file = read_entry("sizes").only(*SIZES, "growth", "first_year_share", "countries", "areas", "other_areas")
    row = file.entry(name).only(*FIGURES)
    return Size(
        name=name,
        **{figure: row.number(figure) for figure in FIGURES},
        growth=tuple(file["growth"]),
        first_year_share=float(file["first_year_share"]),
        countries=_weights(file.entry("countries")),
        areas=_weights(file.entry("areas")),
        other_areas=float(file["other_areas"]),
    )


def _weights(row: Entry) -> dict[str, float]:
    return {name: float(row.number(name)) for name in row}
