"""Every doubt an import can have: its sentence, whether it blocks, the answers to choose from.

The first answer is what happens by default. Sentences and labels take the doubt's values.
"""

from dataclasses import dataclass

from keystead.kernel.fact import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of doubt. A question has to be answered, a notice is only shown.

    `has_more`: what is in the register is offered beside these choices.
    """

    sentence: str
    choices: tuple[tuple[str, str], ...]
    is_question: bool = False
    has_more: bool = False


_LEAVE_DATE_OUT = ("drop", _("Leave the date empty and keep “%(found)s” in the remark."))
_KEEP = ("keep", _("Take it as it is."))
_SKIP = ("skip", _("Leave these rows out; they are listed in the file of problems."))
_REMARK_ONLY = ("remark", _("Keep it as a remark only."))

CATALOGUE: dict[str, Kind] = {
    # Reading a row at all
    "section": Kind(
        _("“%(found)s” stands alone in its row and looks like a heading inside the table."),
        (("skip", _("Leave the row out.")), ("key", _("It is a key."))),
    ),
    "heading-again": Kind(_("The heading is repeated here."), (("skip", _("Leave the row out.")),)),
    "beside-the-table": Kind(
        _("“%(found)s” stands in a column without a heading or meaning."),
        (("remark", _("Keep it as a remark.")), ("drop", _("Leave it out."))),
    ),
    "damaged-text": Kind(
        _("“%(found)s” has lost a letter in an earlier conversion."),
        (_KEEP, ("skip", _("Leave the row out."))),
    ),
    "formula": Kind(
        _("“%(found)s” looks like a formula. It is kept as text and never calculated."),
        (("remark", _("Keep the text as a remark.")), ("drop", _("Leave it out."))),
    ),
    "too-long": Kind(
        _("The text in “%(column)s” is too long for a name."),
        (("cut", _("Cut it and keep all of it in the remark.")), _SKIP),
    ),
    # Keys and copies
    "no-key": Kind(
        _("There is no key in this row."),
        (("create", _("Enter it as an unnamed key, one for each row.")), _SKIP),
        is_question=True,
    ),
    "no-number": Kind(
        _("Key %(key)s has no copy number here."),
        (("next", _("Give it the next free number.")), _SKIP),
    ),
    "duplicate": Kind(
        _("Copy %(found)s of key %(key)s is in the file more than once: rows %(where)s."),
        (
            ("next", _("Keep all; the later ones get the next free numbers.")),
            ("skip", _("Keep the first and leave the later ones out.")),
        ),
        is_question=True,
    ),
    "number-of-other-key": Kind(
        _("The number %(found)s belongs to key %(other)s, but the row says key %(key)s."),
        (
            ("row", _("It is key %(key)s; the number is kept as written.")),
            ("number", _("It is key %(other)s.")),
            _SKIP,
        ),
        is_question=True,
    ),
    "symbol-spelling": Kind(
        _("“%(found)s” and “%(other)s” differ only in upper and lower case or spaces."),
        (("same", _("It is the same key, %(other)s.")), _SKIP),
    ),
    "symbol-lookalike": Kind(
        _("“%(found)s” and “%(other)s” look alike."),
        (("different", _("They are different keys.")), ("same", _("Both are key %(other)s."))),
        is_question=True,
    ),
    "one-number-many-pieces": Kind(
        _("Several pieces have one number, such as %(count)s pieces with %(found)s."),
        (
            (
                "copies",
                _("Enter each piece as a copy, numbered %(found)s/1, %(found)s/2 and so on."),
            ),
            ("one", _("Enter one copy and keep the count in the remark.")),
        ),
    ),
    "set-of-pieces": Kind(
        _("“%(found)s”: the register does not say which keys are in the set."),
        (
            ("copies", _("One ring; pieces of one sort are copies of one key.")),
            ("different", _("One ring; each piece is a key of its own.")),
        ),
    ),
    "count-missing": Kind(
        _("The register does not say how many pieces there are."),
        (("one", _("Enter one copy.")), _SKIP),
    ),
    "count-unclear": Kind(
        _("“%(found)s” is not a number of pieces."),
        (("one", _("Enter one copy and keep the text in the remark.")), _SKIP),
        is_question=True,
    ),
    # Dates
    "date-order": Kind(
        _("Dates such as %(found)s in “%(column)s” can be read two ways."),
        (
            ("day-first", _("The day comes first: %(day_first)s.")),
            ("month-first", _("The month comes first: %(month_first)s.")),
        ),
        is_question=True,
    ),
    "date-impossible": Kind(_("%(found)s is not a day of the calendar."), (_LEAVE_DATE_OUT,)),
    "date-unclear": Kind(_("“%(found)s” is not a date."), (_LEAVE_DATE_OUT,)),
    "date-serial": Kind(
        _("%(found)s looks like a spreadsheet's number for a day."),
        (("date", _("Read it as %(date)s.")), _LEAVE_DATE_OUT),
    ),
    "date-in-future": Kind(
        _("%(found)s is still to come, so nothing can have been handed out or returned then."),
        (_LEAVE_DATE_OUT,),
    ),
    "return-in-future": Kind(
        _("Returned on %(found)s? That day is still to come."),
        (
            ("out", _("It is still out; keep the date in the remark.")),
            ("due", _("It is still out and due on that day.")),
            ("in", _("It is back; the day is not known.")),
        ),
    ),
    "dates-reversed": Kind(
        _("It came back on %(returned)s, before it was handed out on %(issued)s."),
        (("in", _("It is back; keep both dates in the remark.")),),
    ),
    # Where copies are
    "out-without-holder": Kind(
        _("It was handed out, but nobody is named who has it."),
        (
            ("unknown", _("Where it is, is unknown.")),
            ("in", _("It is here.")),
            _SKIP,
        ),
        is_question=True,
    ),
    "return-unknown": Kind(
        _("“%(found)s” in “%(column)s”: is it back or not?"),
        (
            ("out", _("It is not back. If the row names nobody, nobody knows where it is.")),
            ("in", _("It is back; the day is not known.")),
            ("unknown", _("Where it is, is unknown.")),
        ),
        is_question=True,
    ),
    "nowhere": Kind(
        _("The register does not say where it is: no hook, no holder, no date."),
        (
            ("unknown", _("Where it is, is unknown until somebody counts.")),
            ("in", _("It is here.")),
        ),
    ),
    "back-but-gone": Kind(
        _("It has a return date, and yet the register says “%(found)s”."),
        (("gone", _("It is gone.")), ("in", _("It is back."))),
        is_question=True,
    ),
    "here-but-held": Kind(
        _("The status says it is in, and yet %(holder)s has it."),
        (("in", _("It is in.")), ("out", _("It is with %(holder)s."))),
        is_question=True,
    ),
    "status-unclear": Kind(
        _("“%(found)s” is not a status known here."),
        (
            ("unknown", _("Where it is, is unknown; keep the text in the remark.")),
            ("in", _("It means that it is in.")),
            ("out", _("It means that it is out.")),
        ),
        is_question=True,
    ),
    "whereabouts-count": Kind(
        _("%(count)s copies, but %(places)s places: “%(found)s”."),
        (
            ("copies", _("Keep %(count)s copies; what is missing is unknown, the rest a remark.")),
            ("places", _("Enter one copy for each place.")),
        ),
        is_question=True,
    ),
    "whereabouts-unknown": Kind(
        _("“%(found)s”: one copy is somewhere nobody wrote down."),
        (("unknown", _("Where it is, is unknown.")),),
    ),
    "shared-hook": Kind(
        _("%(count)s hooks are given to more than one key: %(found)s."),
        (("keep", _("Let them share it.")),),
    ),
    # Who has them
    "role": Kind(
        _("“%(found)s” names a role, not a person."),
        (("role", _("Enter the role as the holder.")), _SKIP),
    ),
    "firm-as-holder": Kind(
        _("“%(found)s” is a firm; nobody of it is named."), (("firm", _("The firm has it.")), _SKIP)
    ),
    "two-firms": Kind(
        _("“%(found)s” has it, but the row also names “%(other)s”."),
        (("holder", _("“%(found)s” has it; keep “%(other)s” in the remark.")),),
    ),
    "several-holders": Kind(
        _("“%(found)s” seems to be more than one holder for one copy."),
        (("together", _("Enter them together as one holder.")), ("first", _("The first has it."))),
        is_question=True,
    ),
    "same-person": Kind(
        _("“%(found)s” is in the file with and without a firm, or with several."),
        (("different", _("They are different people.")), ("same", _("It is one person."))),
    ),
    "same-name": Kind(
        _("“%(found)s” is written in two ways: %(other)s."), (("same", _("It is one person.")),)
    ),
    "departments": Kind(
        _("%(count)s people are in the file with more than one department: %(found)s."),
        (("same", _("Each is one person; the last department in the file counts.")),),
    ),
    "knows-code": Kind(
        _("“%(found)s”: somebody knows a code that is not written here."),
        (("knower", _("Note who knows it.")), _REMARK_ONLY),
    ),
    # Places
    "same-place": Kind(
        _("“%(found)s” and “%(other)s” are probably the same."),
        (("same", _("Both are “%(other)s”.")), ("different", _("They are different."))),
        is_question=True,
    ),
    "same-word": Kind(
        _("“%(found)s” and “%(other)s” in “%(column)s” may be the same."),
        (("different", _("Leave them as they are.")), ("same", _("Both are “%(other)s”."))),
    ),
    "many-doors": Kind(
        _("Entries like “%(found)s” stand for several doors that the register does not list."),
        (("group", _("Enter one entry for all of them; list the doors later.")),),
    ),
    "opens-unknown": Kind(
        _("The register does not say which door of %(place)s it opens."),
        (("none", _("Leave open what it opens.")),),
    ),
    # What is there already
    "which-site": Kind(
        _("The file has places that it puts on no site. Which site are they on?"),
        (("new", _("A new site called %(workspace)s.")),),
        is_question=True,
        has_more=True,
    ),
    "place-there": Kind(
        _("“%(found)s” is there already: %(where)s."),
        (("use", _("Use the one that is there.")),),
    ),
    # What is out of use
    "key-retired": Kind(
        _("Key %(found)s is out of use since %(since)s, and the file has copies of it."),
        (_SKIP, ("back", _("Bring the key back into use and enter its copies."))),
        is_question=True,
    ),
    "container-retired": Kind(
        _("%(found)s is out of use since %(since)s, and the file keeps keys or a code in it."),
        (
            (
                "without",
                _("Enter the keys without it and keep the text; leave out what opens it."),
            ),
            ("back", _("Bring it back into use.")),
            _SKIP,
        ),
        is_question=True,
    ),
    "ring-retired": Kind(
        _("The ring %(found)s is out of use since %(since)s."),
        (
            ("without", _("Enter the keys without the ring.")),
            ("back", _("Bring the ring back into use and hang them on it.")),
            _SKIP,
        ),
        is_question=True,
    ),
    "door-retired": Kind(
        _("%(found)s is out of use since %(since)s."),
        (
            ("without", _("Leave open what opens it.")),
            ("back", _("Bring it back into use.")),
            _SKIP,
        ),
        is_question=True,
    ),
    "place-retired": Kind(
        _("The place %(found)s is out of use since %(since)s."),
        (_SKIP, ("back", _("Bring it back into use."))),
        is_question=True,
    ),
    # What remarks say
    "remark-says": Kind(
        _("“%(found)s” is read as: %(meaning)s."),
        (("take", _("Enter it so, and keep the text.")), _REMARK_ONLY),
    ),
    "remark-unclear": Kind(
        _("“%(found)s”: something is wrong, but not what."),
        (("flag", _("Mark it as unclear and keep the text.")), _REMARK_ONLY),
    ),
    "duplicate-made": Kind(
        _("“%(found)s”: somebody made another piece without permission."),
        (
            ("incident", _("Enter an incident: one more piece, and nobody knows where.")),
            _REMARK_ONLY,
        ),
        is_question=True,
    ),
    "handed-over": Kind(
        _("“%(found)s”: it may be with somebody else now."),
        (
            ("keep", _("Keep the holder of the register and the text.")),
            ("unknown", _("Where it is, is unknown.")),
        ),
    ),
    "code-found": Kind(
        _("A code stands in “%(column)s”."),
        (
            ("seal", _("Seal it; it is taken out of the text and never shown in lists.")),
            ("drop", _("Leave the code out.")),
            ("text", _("It is not a code: keep the text as it is.")),
        ),
    ),
}
