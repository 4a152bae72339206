"""Check-out over the API by sixteen clients, beside the same statements by the bare driver."""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from keystead.custody.models import Stay
from keystead.hardware.models import IS_OPEN
from keystead.journal import verify
from keystead.journal.models import Entry
from tests.bench import checkout
from tests.bench.checkout import Script
from tests.bench.client import Answer, Client, Load, shares, together
from tests.bench.figures import Figure, middle, share
from tests.bench.recording import recorded, with_slots
from tests.bench.server import Server
from tests.bench.stand import Stand

CLIENTS = 16
LEAST_SHARE, LEAST_A_SECOND = 0.6, 100


@dataclass(frozen=True, slots=True)
class Work:
    """Copies that hang on their hooks, each with its open stay, and who may take them."""

    copies: list[tuple[int, int]]
    persons: list[int]

    def take(self, count: int, stand: Stand) -> list[tuple[int, int, int]]:
        """The next copies, each used once, with their stays and somebody to take each."""
        taken = [self.copies.pop() for _ in range(min(count, len(self.copies)))]
        return [(copy, stay, stand.dice.choice(self.persons)) for copy, stay in taken]


def measure(stand: Stand, server: Server) -> list[Figure]:
    """Rounds of the bare driver and of the API in turn; at the end the journal must hold."""
    work, due = work_of(stand), (datetime.now(UTC) + timedelta(days=1)).isoformat()
    script = script_of(stand, work, due)
    per_round = (120, 80) if stand.is_quick else (2_000, 1_000)
    bare: list[float] = []
    loads: list[Load] = []

    def check_out(client: Client, item: tuple[int, int, int]) -> Answer:
        copy, _stay, person = item
        wanted = {"copy_ids": [copy], "person_id": person, "due_at": due}
        return client.post(f"{stand.api}/check-out", wanted)

    def load(count: int) -> Load:
        # New connections each time: the server closes those that rest while the driver works.
        with ExitStack() as stack:
            clients = [
                stack.enter_context(Client(server.port, stand.by_token)) for _ in range(CLIENTS)
            ]
            return together(clients, check_out, list(shares(work.take(count, stand), CLIENTS)))

    load(CLIENTS * 2)
    for _ in range(stand.rounds):
        parts = list(shares(work.take(per_round[0], stand), CLIENTS))
        seconds, waits = checkout.together(stand.url, script, parts)
        bare.append(len(waits) / seconds)
        loads.append(load(per_round[1]))
    _require_whole(stand)
    return _figures(stand, loads, bare, script)


def _figures(stand: Stand, loads: list[Load], bare: list[float], script: Script) -> list[Figure]:
    rates = tuple(load.rate for load in loads)
    wrong = [answer for load in loads for answer in load.refused()]
    shared: dict[str, Any] = {"part": "handing-out", "unit": "ms"}
    least = LEAST_SHARE * middle(bare) if stand.is_sqlite else LEAST_A_SECOND
    return [
        Figure(
            part="handing-out",
            what=f"check-out, {CLIENTS} clients",
            value=middle(rates),
            unit="commits/s",
            rounds=rates,
            bound="at least",
            aim=least,
            bare=middle(bare),
            note=f"{len(script.statements)} statements; aim: "
            + ("60 % of the bare driver" if stand.is_sqlite else "100 in one workspace"),
        ),
        *(
            Figure(
                what=f"check-out, {CLIENTS} clients, {name}",
                value=middle(found := [share(_waits(load), part) for load in loads]),
                rounds=tuple(found),
                **shared,
            )
            for name, part in (("median", 0.5), ("p95", 0.95))
        ),
        Figure(
            part="handing-out",
            what=f"check-out, {CLIENTS} clients, errors",
            value=len(wrong),
            unit="",
            bound="at most",
            aim=0,
            note=wrong[0].body.decode()[:100] if wrong else "afterwards the journal verified",
        ),
    ]


def _waits(load: Load) -> list[float]:
    return [answer.seconds * 1000 for answer in load.answers]


def work_of(stand: Stand) -> Work:
    """What can be handed out: in stock, on no sealed ring, by ids that are no small numbers."""
    stays = (
        Stay.objects.filter(IS_OPEN, workspace_id=stand.workspace_id, state="stored")
        .exclude(copy__on_rings__ring__is_sealed=True)
        .filter(copy_id__gt=300)
    )
    copies = list(stays.values_list("copy_id", "pk"))
    stand.dice.shuffle(copies)
    return Work(
        copies, stand.ids("SELECT id FROM people_person WHERE left_at IS NULL AND id > 100")
    )


def script_of(stand: Stand, work: Work, due: str) -> Script:
    """Do one check-out in this process and keep its statements."""
    browser = stand.browser()
    [(copy, old_stay, person)] = work.take(1, stand)
    wanted = {"copy_ids": [copy], "person_id": person, "due_at": due}
    with recorded() as statements:
        answer = browser.post(f"{stand.api}/check-out", wanted, content_type="application/json")
    if answer.status_code != 200:
        raise RuntimeError(f"The check-out answered {answer.status_code}: {answer.content!r}")
    stay = Stay.objects.get(IS_OPEN, copy_id=copy)
    entry = Entry.objects.get(workspace_id=stand.workspace_id, sequence=stay.handling)
    slots = {
        "copy": copy,
        "person": person,
        "old_stay": old_stay,
        "stay": stay.pk,
        "sequence": stay.handling,
        "body": entry.body,
        "digest": bytes(entry.digest),
    }
    return Script(tuple(with_slots(statements, slots)), entry.body)


def _require_whole(stand: Stand) -> None:
    """The chain must have grown by every one of these check-outs, and hold."""
    verdict = verify.verify(stand.workspace_id)
    if not verdict.holds:
        raise RuntimeError(f"After the load entry {verdict.first_bad} {verdict.reason}.")
