"""Who a row names as holder: a person, a role, a firm, and whose worker."""

from dataclasses import dataclass, replace

from keystead.exchange.guessing.fields import Field
from keystead.exchange.planning import names
from keystead.exchange.planning.desk import Case
from keystead.exchange.planning.records import Holder, HolderKind
from keystead.kernel.text import folded


@dataclass(frozen=True, slots=True)
class Held:
    """The holder a row names, and what for."""

    holder: Holder | None
    purpose: str = ""


def holder_of(case: Case) -> Held:
    """Read the holder's cells of a row. A firm alone holds for itself, if anybody holds."""
    last, first = case.text(Field.HOLDER_LAST), case.text(Field.HOLDER_FIRST)
    text = case.text(Field.HOLDER) or names.full_name(last, first)
    firm = case.desk.word(Field.FIRM, case.text(Field.FIRM))
    text = case.name(Field.HOLDER if case.text(Field.HOLDER) else Field.HOLDER_LAST, text)
    if names.is_damaged(text):
        case.ask("damaged-text", Field.HOLDER, found=text)
    naming = _whole(last, first, text) if last and first else names.parsed(text)
    if naming is None:
        return Held(_only_firm(case, firm))
    if naming.others:
        naming = _several(case, naming, text)
    return Held(_placed(case, naming.holder, firm), naming.purpose)


def _whole(last: str, first: str, text: str) -> names.Naming:
    """Two columns give one person, whatever the words look like."""
    return names.Naming(Holder(kind=HolderKind.PERSON, name=text))


def _several(case: Case, naming: names.Naming, text: str) -> names.Naming:
    if case.ask("several-holders", Field.HOLDER, found=text) == "first":
        first = names.parsed(naming.others[0])
        if first is not None:
            case.keep(case.heading(Field.HOLDER), text)
            return replace(first, purpose=naming.purpose)
    return replace(naming, others=())


def _only_firm(case: Case, firm: str) -> Holder | None:
    if not firm:
        return None
    firm = case.name(Field.FIRM, firm)
    case.ask("firm-as-holder", Field.FIRM, found=firm)
    return Holder(kind=HolderKind.FIRM, name=names.firm_name(firm))


def _placed(case: Case, holder: Holder, firm: str) -> Holder:
    """The holder with firm and department; a firm beside another firm goes into the remark."""
    department = case.desk.word(Field.DEPARTMENT, case.text(Field.DEPARTMENT))
    if holder.kind is HolderKind.ROLE:
        case.ask("role", Field.HOLDER, found=holder.name)
    if holder.kind is HolderKind.FIRM:
        case.ask("firm-as-holder", Field.HOLDER, found=holder.name)
        holder = replace(holder, name=case.desk.word(Field.FIRM, holder.name))
    clash = holder.kind is HolderKind.FIRM or (holder.firm and folded(holder.firm) != folded(firm))
    if firm and clash and folded(holder.name) != folded(firm):
        case.ask("two-firms", Field.FIRM, found=holder.firm or holder.name, other=firm)
        case.keep(case.heading(Field.FIRM), firm)
    elif firm and not clash:
        holder = names.of_firm(holder, case.name(Field.FIRM, firm))
    known = case.desk.firms_of.get(folded(holder.name), "")
    if holder.kind is HolderKind.PERSON and known:
        holder = replace(holder, firm=known)
    department = case.desk.departments.get(folded(holder.name), department)
    return replace(holder, department=department)
