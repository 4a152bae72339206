"""Sentences that remember their pattern, so that the edges can say them in another language."""


class Words(str):
    """A sentence in English; `template` and `values` are what it was made from."""

    __slots__ = ("template", "values")
    template: str
    values: dict[str, object]

    def __new__(cls, template: str, values: dict[str, object]) -> "Words":
        """Fill the template (`%(name)s`) with its values."""
        words = super().__new__(cls, template % values if values else template)
        words.template, words.values = template, values
        return words


def said(template: str, **values: object) -> Words:
    """A sentence for people. Import it as `_`, so that translators find the template."""
    return Words(template, values)
