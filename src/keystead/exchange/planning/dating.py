"""The dates of a row: read with the order of their column, odd ones asked about."""

from dataclasses import dataclass

from keystead.exchange.guessing import dates
from keystead.exchange.guessing.dates import Problem, When
from keystead.exchange.guessing.fields import Field
from keystead.exchange.planning.desk import Case


@dataclass(frozen=True, slots=True)
class DateCell:
    """A date cell: its value, whether the value lies in the future, and whether it was filled."""

    when: When | None = None
    is_future: bool = False
    is_filled: bool = False


def read(case: Case, field: Field) -> DateCell:
    """Read one date of a row; what is no date is kept in the remark."""
    text = case.text(field)
    if not text:
        return DateCell()
    column = case.sheet.layout.columns(field)[0]
    orders = case.desk.orders[case.sheet.name, column]
    today = case.desk.settings.today
    reading = dates.read(text, orders=orders, today=today)
    if reading.problem is not None:
        # An unknown return date is a question about the copy, not about the date: see standing.
        if field is not Field.RETURNED:
            impossible = reading.problem is Problem.IMPOSSIBLE
            case.ask("date-impossible" if impossible else "date-unclear", field, found=text)
        case.keep(case.heading(field), text)
        return DateCell(is_filled=True)
    when = reading.when
    if reading.is_serial and when is not None and _is_refused(case, field, text, when):
        return DateCell(is_filled=True)
    return DateCell(when, when is not None and when.day > today, is_filled=True)


def _is_refused(case: Case, field: Field, text: str, when: When) -> bool:
    """Whether the person says that a number is no day; the number then goes into the remark."""
    if case.ask("date-serial", field, found=text, date=when.iso) != "drop":
        return False
    case.keep(case.heading(field), text)
    return True


def issued(case: Case) -> DateCell:
    """When it was handed out; a day that is still to come cannot be meant."""
    cell = read(case, Field.ISSUED)
    if cell.is_future:
        case.ask("date-in-future", Field.ISSUED, found=case.text(Field.ISSUED))
        case.keep_cell(Field.ISSUED)
        return DateCell(is_filled=True, is_future=True)
    return cell
