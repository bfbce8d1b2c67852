"""Invents what people write, from ``seeds/texts.yaml``: short and long, some of it in other languages."""

import random

from mvp_program.seeding.reading import read_entry

SHORTEST, LONGEST = 150, 1500  # signs of a statement


class Texts:
    """Draws sentences for a technology area and its category."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._file = read_entry("texts")
        self._topics = {name: self._file.entry("topics").texts(name) for name in self._file.entry("topics")}
        self._titles = {name: self._file.entry("titles").texts(name) for name in self._file.entry("titles")}
        self._lists = {
            name: self._file.texts(name)
            for name in (
                "descriptions", "endorsements", "relations", "headlines", "biographies", "citations", "comments",
                "vouchers",
            )
        }  # fmt: skip
        statements = self._file.entry("statements")
        self._statements = {name: statements.texts(name) for name in statements}
        self._languages = {
            name: (row.text("headline"), row.texts("statement"))
            for name, row in self._file.entry("languages").items()
        }
        reasons = self._file.entry("reasons")
        self._reasons = {5: reasons.entry("highest"), 1: reasons.entry("lowest")}
        self.types = list(self._titles)

    def fill(self, sentence: str, category: str, area: str, name: str = "", city: str = "") -> str:
        """Put topic, area, name and city into a sentence of the file."""
        if "{" not in sentence:
            return sentence
        topic = self._chance.choice(self._topics[category]) if "opic}" in sentence else ""
        capital = topic[:1].upper() + topic[1:]
        return sentence.format(topic=topic, Topic=capital, area=area, name=name, city=city)

    def some(self, kind: str, category: str, area: str, name: str = "", city: str = "") -> str:
        """One of the lists: headlines, citations, comments…"""
        return self.fill(self._chance.choice(self._lists[kind]), category, area, name, city)

    def title(self, kind: str, category: str, area: str) -> str:
        return self.fill(self._chance.choice(self._titles[kind]), category, area)[:250]

    def headline(self, language: str, category: str, area: str) -> str:
        """In the person's own language one time in three, where the file has it."""
        if language in self._languages and self._chance.random() < 0.33:
            return self._languages[language][0].format(area=area)[:160]
        return self.some("headlines", category, area)[:160]

    def statement(self, language: str, category: str, area: str, name: str) -> str:
        """What a nominator writes: 150 to 1,500 signs, one to four paragraphs."""
        parts: list[str] = []
        if language in self._languages and self._chance.random() < 0.2:
            parts.append(" ".join(self._languages[language][1]).format(area=area))
        for _paragraph in range(self._chance.choice((1, 1, 1, 2, 2, 4))):
            kinds = [
                "openings",
                *self._chance.choices(("deeds", "effects"), k=self._chance.choice((1, 2, 4))),
            ]
            kinds.append("closings")
            sentences = [self._chance.choice(self._statements[kind]) for kind in kinds]
            paragraph = " ".join(self.fill(one, category, area, name) for one in dict.fromkeys(sentences))
            if len("\n\n".join([*parts, paragraph])) <= LONGEST:
                parts.append(paragraph)
        while len(text := "\n\n".join(parts)) < SHORTEST:
            parts[-1] += " " + self.fill(self._chance.choice(self._statements["deeds"]), category, area, name)
        return text

    def reason(self, criterion: str, mark: int) -> str:
        """The reason that a lowest or highest mark needs; empty for the others."""
        return self._reasons[mark].get(criterion, "") if mark in self._reasons else ""
