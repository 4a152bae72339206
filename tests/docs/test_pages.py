"""Pages hold together: links lead somewhere, and nothing points at one machine or registry."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, ROOT, anchors, links, pages

OUTSIDE = re.compile(r"[a-z]+:")


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_inside_the_repository_leads_somewhere(page: Path) -> None:
    broken = [link for link in links(page.read_text()) if leads_nowhere(page, link)]
    assert broken == []


def leads_nowhere(page: Path, link: str) -> bool:
    if OUTSIDE.match(link):
        return False
    name, _, heading = link.partition("#")
    target = (page.parent / name).resolve() if name else page
    if not target.exists():
        return True
    return bool(heading) and heading not in anchors(target.read_text())


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        near = (link.partition("#")[0] for link in links(page.read_text()))
        waiting += [(page.parent / name).resolve() for name in near if name]
    assert [str(page.relative_to(ROOT)) for page in pages() if page not in reached] == []


def test_decision_records_are_numbered_without_gaps() -> None:
    records = sorted((DOCS / "adr").glob("*.md"))
    assert [path.name[:4] for path in records] == [f"{n:04}" for n in range(1, len(records) + 1)]


REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("archive", "ubuntu", "com"),
    )
]
LOCAL = re.compile(r"(?<![\w.~$}/])/(?:" + "|".join(("home", "root", "work", "Users")) + r")/\w")
"""A path on one person's machine."""


def texts() -> list[tuple[str, str]]:
    """Every text file of the repository that is not ignored, tracked or not yet."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split("\0")
    names = [name for name in listed if name] or [str(p.relative_to(ROOT)) for p in pages()]
    found = []
    for name in names:
        if (ROOT / name).is_file():
            data = (ROOT / name).read_bytes()
            if b"\0" not in data:
                found.append((name, data.decode("utf-8", "replace")))
    return found


def test_no_file_names_the_host_of_a_package_registry() -> None:
    found = [f"{name}: {host}" for name, text in texts() for host in REGISTRIES if host in text]
    assert found == []


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    found = [f"{name}: {hit}" for name, text in texts() for hit in LOCAL.findall(text)]
    assert found == []
