"""What an action raises when the rules say no."""


class RuleBroken(Exception):
    """A rule of the program stands in the way; ``sentence`` is written for the person who asked.

    Actions raise it before anything is written. Views show the sentence, with status 409 where two
    people acted at once (``Outdated``) and 422 otherwise.
    """

    status = 422

    def __init__(self, sentence: str) -> None:
        super().__init__(str(sentence))
        self.sentence = str(sentence)


class Outdated(RuleBroken):
    """Somebody else was faster: the row is no longer in the state that the page showed."""

    status = 409
