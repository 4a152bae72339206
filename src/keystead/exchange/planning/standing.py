"""Where a copy is, decided from everything its row says."""

from dataclasses import dataclass, replace

from keystead.exchange.guessing.dates import When
from keystead.exchange.guessing.fields import Field
from keystead.exchange.planning import dating, states
from keystead.exchange.planning.dating import DateCell
from keystead.exchange.planning.desk import Case
from keystead.exchange.planning.records import Flag, Holder, Home, State

GONE = (State.LOST, State.STOLEN, State.MISSING, State.RETURNED_TO_OWNER)


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a copy with its times and flags."""

    state: State
    issued: When | None = None
    due: When | None = None
    returned: When | None = None
    flags: frozenset[Flag] = frozenset()


def standing(case: Case, holder: Holder | None, home: Home | None) -> Standing:
    """Decide where the copy of a row is; contradictions and gaps become doubts."""
    issued, returned = dating.issued(case), dating.read(case, Field.RETURNED)
    due = dating.read(case, Field.DUE).when
    said, flags = remarks(case)
    base = Standing(State.UNKNOWN, issued.when, due, None, flags)
    status = _status(case)
    gone = said or (status if status in GONE else None)
    if gone is not None:
        return _gone(case, base, gone, returned)
    if status is not None:
        return replace(base, state=_by_status(case, status, holder), returned=_past(returned))
    if returned.is_filled:
        return _back(case, base, holder, returned)
    return replace(base, state=_by_holder(case, base, holder, home, issued))


def remarks(case: Case) -> tuple[State | None, frozenset[Flag]]:
    """What the remarks say, as far as the person lets it count."""
    state, flags = None, set()
    if states.is_signed(case.text(Field.SIGNATURE)):
        flags.add(Flag.SIGNED)
    for heading, text in case.texts(Field.NOTE):
        if _is_dropped_formula(case, text):
            continue
        case.keep(heading, text)
        for meaning in states.of_remark(text):
            choice = case.ask(meaning.kind, Field.NOTE, found=text, meaning=meaning.name)
            if choice == "remark":
                continue
            if choice == "unknown":
                state = State.UNKNOWN
            state = state or meaning.state
            if meaning.flag is not None:
                flags.add(meaning.flag)
    return state, frozenset(flags)


def _is_dropped_formula(case: Case, text: str) -> bool:
    is_formula = text.startswith(("=", "@"))
    return is_formula and case.ask("formula", Field.NOTE, found=text) == "drop"


def _status(case: Case) -> State | None:
    text = case.text(Field.STATUS)
    if not text:
        return None
    found = states.of_status(text)
    if found is not None:
        return found
    case.keep_cell(Field.STATUS)
    return State(case.ask("status-unclear", Field.STATUS, found=text))


def _gone(case: Case, base: Standing, gone: State, returned: DateCell) -> Standing:
    if returned.when is None or returned.is_future or gone is State.UNKNOWN:
        if returned.is_future:
            case.keep_cell(Field.RETURNED)
        return replace(base, state=gone)
    said = next((text for _, text in case.texts(Field.NOTE)), case.text(Field.STATUS))
    if case.ask("back-but-gone", Field.RETURNED, found=said) == "in":
        return replace(base, state=State.IN, returned=returned.when)
    case.keep_cell(Field.RETURNED)
    return replace(base, state=gone)


def _by_status(case: Case, status: State, holder: Holder | None) -> State:
    if status is State.OUT and holder is None:
        return _answered(case.ask("out-without-holder", Field.STATUS, about="*"))
    if status is State.IN and holder is not None and not case.text(Field.RETURNED):
        return State(case.ask("here-but-held", Field.STATUS, holder=holder.name, about=holder.name))
    return status


def _past(cell: DateCell) -> When | None:
    return None if cell.is_future else cell.when


def _back(case: Case, base: Standing, holder: Holder | None, returned: DateCell) -> Standing:
    text = case.text(Field.RETURNED)
    if returned.is_future:
        choice = case.ask("return-in-future", Field.RETURNED, found=text)
        case.keep_cell(Field.RETURNED)
        due = returned.when if choice == "due" else base.due
        return replace(base, state=_back_or_out(choice, holder), due=due)
    if returned.when is None:
        choice = case.ask("return-unknown", Field.RETURNED, found=text)
        return replace(base, state=_back_or_out(choice, holder))
    if base.issued is not None and returned.when.day < base.issued.day:
        case.ask(
            "dates-reversed",
            Field.RETURNED,
            found=text,
            issued=base.issued.iso,
            returned=returned.when.iso,
        )
        case.keep_cell(Field.ISSUED)
        case.keep_cell(Field.RETURNED)
        return replace(base, state=State.IN, issued=None)
    return replace(base, state=State.IN, returned=returned.when)


def _back_or_out(choice: str, holder: Holder | None) -> State:
    if choice in ("in", "unknown"):
        return State(choice)
    return State.OUT if holder is not None else State.UNKNOWN


def _by_holder(
    case: Case, base: Standing, holder: Holder | None, home: Home | None, issued: DateCell
) -> State:
    if holder is not None:
        return State.OUT
    if base.issued is not None or issued.is_future:
        return _answered(case.ask("out-without-holder", Field.ISSUED, about="*"))
    if home is not None:
        return State.IN
    return _answered(case.ask("nowhere", about="*"))


def _answered(choice: str) -> State:
    """A choice as a state; for a row that is left out, any state will do."""
    return State.UNKNOWN if choice == "skip" else State(choice)
