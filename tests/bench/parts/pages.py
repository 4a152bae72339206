"""Every page of the web that can be read, with ids of a full register, in a signed-in session."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import mean
from urllib.parse import urlencode

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from keystead import permissions
from tests.bench.client import Answer, Client
from tests.bench.figures import Figure, middle, share
from tests.bench.recording import recorded
from tests.bench.seed import SLUG
from tests.bench.server import Server
from tests.bench.stand import Stand

LONGEST_MS = 200
VISITS = 5
"""How often each address is asked for in a round."""
SHOWN = 5
"""How many of the slowest pages are named one by one, besides the page of a copy."""

MOST_OF = "SELECT {0} FROM custody_stay WHERE {0} IS NOT NULL GROUP BY {0} ORDER BY count(*) DESC"
IDS = {
    "copy_id": MOST_OF.format("copy_id"),
    "person_id": MOST_OF.format("person_id"),
    "container_id": MOST_OF.format("container_id"),
    "space_id": MOST_OF.format("space_id"),
    "key_id": "SELECT k.id FROM keys_key k JOIN keys_copy c ON c.key_id = k.id GROUP BY k.id"
    " ORDER BY k.parent_id IS NOT NULL, count(*) DESC, k.id",
    "ring_id": "SELECT id FROM keys_ring ORDER BY id",
    "tag_id": "SELECT id FROM keys_tag ORDER BY id",
    "site_id": "SELECT id FROM places_site ORDER BY id",
    "access_point_id": "SELECT id FROM places_accesspoint ORDER BY id",
    "lock_id": "SELECT id FROM hardware_lock ORDER BY id",
    "cylinder_id": "SELECT cylinder_id FROM keys_operates GROUP BY cylinder_id"
    " ORDER BY count(*) DESC",
    "code_id": "SELECT id FROM hardware_code ORDER BY id",
    "firm_id": "SELECT firm_id FROM people_person WHERE firm_id IS NOT NULL GROUP BY firm_id"
    " ORDER BY count(*) DESC",
    "incident_id": "SELECT id FROM custody_incident ORDER BY id",
    "membership_id": "SELECT id FROM people_membership ORDER BY id",
}
"""Where each id in an address comes from; those with most behind them first."""

QUERIES: dict[str, tuple[dict[str, str], ...]] = {
    "out": ({}, {"show": "late"}, {"show": "open"}, {"q": "ma"}, {"from": "2000"}),
    "keys": ({}, {"system": "1"}, {"q": "boiler"}, {"from": "2000"}),
    "rings": ({}, {"q": "R00"}, {"from": "500"}),
    "people": ({}, {"q": "ben"}, {"show": "all"}, {"from": "1000"}),
    "access-points": ({}, {"site": "1"}, {"q": "store"}, {"from": "3000"}),
    "cylinders": ({}, {"q": "ZA"}, {"from": "3000"}),
    "journal": (
        {},
        {"subject": "movements"},
        {"subject": "incidents"},
        {"subject": "places"},
        {"channel": "worker"},
        {"person": "{rare_account_id}"},
        {"about": "copy-{copy_id}"},
        {"before": "5000"},
    ),
    "search": ({"q": "boiler"}, {"q": "AB"}, {"q": "e"}, {"q": "zzz"}),
    "holders": ({"holder": "ben"}, {"kinds": "all", "holder": "e"}),
    "desk": ({}, {"copy": "{copy_id}"}),
    **{
        name: ({"copy": "{copy_id}"},)
        for name in ("hand-out", "move", "destroy", "damaged", "past-loan", "lost")
    },
    **{name: ({"copy": "{out_id}"},) for name in ("take-back", "pass-on", "extend")},
    "found": ({"copy": "{missing_id}"},),
    "key": ({}, {"state": "out"}),
    "copy": ({}, {"been": "all"}),
    "person": ({}, {"had": "all"}),
}
"""What is asked of a page besides its address; most pages are asked nothing."""

CHOSEN = {
    "rare_account_id": "SELECT account_id FROM people_membership ORDER BY id DESC",
    "copy_id": "SELECT copy_id FROM custody_stay WHERE valid_to IS NULL AND state = 'stored'",
    "out_id": "SELECT copy_id FROM custody_stay WHERE valid_to IS NULL AND state = 'held'",
    "missing_id": "SELECT copy_id FROM custody_stay WHERE valid_to IS NULL AND state = 'missing'",
}
NOT_WALKED = {
    "start": "closed since the first account",
    "invitation": "opened once, by somebody without a login",
    "account_reset_password_from_key": "needs a link sent by mail",
    "import-look": "belongs to an upload",
    "import-problems": "belongs to an upload",
    "factor-remove": "needs a factor of one's own",
    "email-confirm": "needs a link sent by mail",
    "app-add": "needs a data key of the installation, which the seeded register has not",
    "journal-checkpoint": "there is none before the worker made one",
    "take-out-file": "writes the whole register to a file; no page",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """A page and one of its addresses."""

    name: str
    path: str


def measure(stand: Stand, server: Server) -> list[Figure]:
    """Visit every page in turn, some times; the slowest are named."""
    visits = list(addresses(stand))
    waits, used = _walked(stand, server, visits)
    slow = {name: share(found, 0.95) for name, found in waits.items()}
    by_slowness = sorted(slow, key=lambda name: -slow[name])
    dearest = max(used, key=lambda visit: mean(used[visit]))
    named = ["copy", *(name for name in by_slowness if name != "copy")][: SHOWN + 1]
    over = [name for name in by_slowness if slow[name] > LONGEST_MS]
    return [
        *(_page(name, slow, waits, _bare(stand, visits, name)) for name in named),
        Figure(
            part="pages",
            what="the page that takes most processor time",
            value=mean(used[dearest]),
            unit="ms",
            bound="at most",
            aim=LONGEST_MS,
            note=f"{dearest.path}; mean of {len(used[dearest])}, whatever else the machine does",
        ),
        Figure(
            part="pages",
            what=f"all {len(slow)} pages, slower than {LONGEST_MS} ms",
            value=len(over),
            unit="",
            bound="at most",
            aim=0,
            note=", ".join(over),
        ),
        Figure(
            part="pages",
            what="all pages, median of medians",
            value=middle([middle(found) for found in waits.values()]),
            unit="ms",
        ),
    ]


def _walked(
    stand: Stand, server: Server, visits: list[Visit]
) -> tuple[dict[str, list[float]], dict[Visit, list[float]]]:
    """Milliseconds waited for each page, and those the server's processor had with each address."""
    waits: dict[str, list[float]] = {}
    used: dict[Visit, list[float]] = {}
    with Client(server.port, stand.by_session) as client:
        require({visit: client.get(visit.path) for visit in visits})
        for _ in range(stand.rounds * VISITS):
            answers = {}
            for visit in visits:
                before = server.cpu()
                answers[visit] = client.get(visit.path)
                used.setdefault(visit, []).append((server.cpu() - before) * 1000)
            require(answers)
            for visit, answer in answers.items():
                waits.setdefault(visit.name, []).append(answer.seconds * 1000)
    return waits, used


def _page(name: str, slow: dict[str, float], waits: dict[str, list[float]], bare: float) -> Figure:
    return Figure(
        part="pages",
        what=f"page {name}, p95",
        value=slow[name],
        unit="ms",
        rounds=tuple(waits[name]),
        bound="at most",
        aim=LONGEST_MS,
        bare=bare,
        note=f"median {middle(waits[name]):.0f} ms; bare: its slowest address' statements",
    )


def require(answers: dict[Visit, Answer]) -> None:
    """Raise RuntimeError naming the addresses that answered no page and led to none."""
    wrong = [
        f"{visit.path} ({visit.name}) answered {answer.status}"
        for visit, answer in answers.items()
        if answer.status not in {200, 302}
    ]
    if wrong:
        raise RuntimeError("; ".join(wrong))


def _bare(stand: Stand, visits: list[Visit], name: str) -> float:
    """Milliseconds of a page's statements, for the address where they take longest."""
    browser, found = stand.browser(), []
    with stand.bare() as driver:
        for path in {visit.path for visit in visits if visit.name == name}:
            with recorded() as statements:
                browser.get(path)
            reads = [s for s in statements if s.sql.lstrip("(").startswith("SELECT")]
            found.append(middle([driver.seconds(reads) * 1000 for _ in range(stand.rounds)]))
    return max(found)


def addresses(stand: Stand) -> Iterator[Visit]:
    """Every page that can be read, with its ids and queries. Raises RuntimeError for a new id."""
    limit = " LIMIT 40"
    ids = {name: stand.ids(sql + limit) for name, sql in IDS.items()}
    chosen = {name: stand.ids(sql + limit) for name, sql in CHOSEN.items()}
    for name, needed in routes():
        if name in NOT_WALKED:
            continue
        for number in (0, 0, 20) if needed - {"slug"} else (0,):
            values = {key: _nth(ids, key, number) for key in needed - {"slug"}}
            path = _reverse(name, values, in_workspace="slug" in needed)
            for query in QUERIES.get(name, ({},)):
                named = {key: found[0] for key, found in chosen.items() if found}
                told = urlencode({key: text.format(**named) for key, text in query.items()})
                yield Visit(name, f"{path}?{told}" if told else path)


def _nth(ids: dict[str, list[int]], name: str, number: int) -> int:
    if name not in ids:
        raise RuntimeError(f"The benchmark does not know where ids for {name} come from.")
    return ids[name][min(number, len(ids[name]) - 1)]


def _reverse(name: str, values: dict[str, int], *, in_workspace: bool) -> str:
    slug = {"slug": SLUG} if in_workspace else {}
    try:
        return reverse(name, kwargs={**slug, **values})
    except NoReverseMatch as error:
        raise RuntimeError(f"The page {name} has no address: {error}") from None


def routes() -> Iterator[tuple[str, set[str]]]:
    """The name of each page that can be read, and what its address needs."""
    seen = set()
    for name, needed in _patterns(get_resolver().url_patterns, set()):
        row = permissions.ROUTES.get(name, {})
        if "GET" in row and name not in seen:
            seen.add(name)
            yield name, needed


def _patterns(
    found: "list[URLPattern | URLResolver]", above: set[str]
) -> Iterator[tuple[str, set[str]]]:
    for pattern in found:
        needed = above | set(pattern.pattern.converters) | set(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns, needed)
        elif pattern.name:
            yield pattern.name, needed
