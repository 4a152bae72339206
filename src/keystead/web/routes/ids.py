"""Row numbers in addresses: `<id:site_id>`, never larger than a database can hold."""

from django.urls import register_converter


class RowId:
    """A positive whole number of at most 18 digits, so that no address can overflow a column."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        """The number behind the text."""
        return int(value)

    def to_url(self, value: int) -> str:
        """The text of the number."""
        return str(value)


register_converter(RowId, "id")
