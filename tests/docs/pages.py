"""The documentation as tests read it: pages, their headings, tables and links."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

_FENCE = re.compile(r"^```.*?^```", re.M | re.S)
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.M)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def pages() -> list[Path]:
    """Every page: those in docs/ and those at the top of the repository."""
    return sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


def prose(text: str) -> str:
    """A page without its code blocks."""
    return _FENCE.sub("", text)


def links(text: str) -> list[str]:
    """What a page links to or shows, code blocks left out."""
    return _LINK.findall(prose(text))


def anchors(text: str) -> set[str]:
    """The names of a page's headings, as links name them."""
    found: set[str] = set()
    for heading in _HEADING.findall(prose(text)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).casefold()
        name = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        number = 0
        while (unique := f"{name}-{number}" if number else name) in found:
            number += 1
        found.add(unique)
    return found


def sections(text: str, level: int) -> dict[str, str]:
    """The text below each heading of this level, by heading without backticks."""
    parts = re.split(rf"^{'#' * level} +(.+?) *$", text, flags=re.M)
    bodies = [
        re.split(rf"^#{{1,{level}}} ", body, maxsplit=1, flags=re.M)[0] for body in parts[2::2]
    ]
    return dict(zip([name.replace("`", "") for name in parts[1::2]], bodies, strict=True))


def rows(text: str) -> list[list[str]]:
    """The cells of every table row, without backticks; head and rule included."""
    return [
        [cell.strip().replace("`", "") for cell in line.strip().strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]


def first_cells(text: str) -> set[str]:
    """The first cell of every table row."""
    return {cells[0] for cells in rows(text)}
