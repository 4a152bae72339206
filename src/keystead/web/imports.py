"""Bringing a register in from the browser: upload, look, answer, write."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keystead.exchange import exporting, imports, operations, problems, queries
from keystead.exchange.errors import NothingToImport
from keystead.exchange.guessing import Field, Layout, Purpose
from keystead.exchange.imports import Opened
from keystead.exchange.limits import MAX_UPLOAD_BYTES
from keystead.exchange.planning import Doubt, Plan
from keystead.exchange.previewing import Preview, preview
from keystead.journal import queries as journal
from keystead.journal.saying import translated
from keystead.kernel.errors import Invalid, KeysteadError
from keystead.web import asked
from keystead.web.forms.imports import FIELD_WORDS, UploadForm
from keystead.web.http import Request, done, here, refused

ROWS_SHOWN = 25
SILENT = timedelta(minutes=1)


def listing(request: Request, slug: str) -> HttpResponse:
    """The imports so far, and the form for another file."""
    form = UploadForm(request.POST or None, request.FILES or None)
    error: KeysteadError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            return _upload(request, form)
        except Invalid as refusal:
            error = refusal
            form.add_error("file", translated(refusal.message))
    context = {"section": "import", "form": form, "imports": queries.imports(request.actor)}
    is_bad = request.method == "POST" or error is not None
    return render(request, "imports/list.html", context, status=422 if is_bad else 200)


def _upload(request: Request, form: UploadForm) -> HttpResponse:
    file = form.cleaned_data["file"]
    if file.size > MAX_UPLOAD_BYTES:
        most = MAX_UPLOAD_BYTES // 2**20
        raise Invalid(_("The file is larger than %(most)s MB. Split it.") % {"most": most})
    import_id = imports.upload(
        request.actor, file.read(), file.name or "register", site_name=form.cleaned_data["site"]
    )
    return HttpResponseRedirect(here(request, "import-look", import_id=import_id))


@dataclass(frozen=True, slots=True)
class Question:
    """A doubt as a row of the form; `index` is its place in the plan."""

    index: int
    doubt: Doubt
    text: str
    options: tuple[tuple[str, str, bool], ...]
    consequence: str


def look(request: Request, slug: str, import_id: int) -> HttpResponse:
    """What the file says, what is doubtful, and what will happen."""
    view = queries.import_view(request.actor, import_id)
    if request.htmx and not view.is_under_way:
        return HttpResponse(headers={"HX-Refresh": "true"})  # the progress is over
    if not view.is_open:
        return render(request, "imports/ended.html", {"section": "import", "view": view})
    if view.is_under_way:
        return render(request, "imports/progress.html", _progress(view))
    return _shown(request, imports.opened(request.actor, import_id))


def _progress(view: queries.ImportView) -> dict[str, Any]:
    """How far the worker is with a big import, and whether it is there at all."""
    seen = journal.last_seen("worker")
    return {
        "section": "import",
        "view": view,
        "of": max(view.row_count, view.done, 1),
        "is_waiting": seen is None or now() - seen > SILENT,
    }


def _shown(request: Request, found: Opened, error: KeysteadError | None = None) -> HttpResponse:
    plan: Plan | None = None
    try:
        plan = imports.plan_for(request.actor, found)
    except Invalid as refusal:
        error = error or refusal
    sheet = min(asked.number(request, "sheet") or 1, len(found.sources)) - 1
    first = asked.number(request, "from") or 1
    source = found.sources[sheet]
    context: dict[str, Any] = {
        "section": "import",
        "view": found.view,
        "book": found.book,
        "error": error,
        "sheets": [
            {
                "label": s.table.name or found.book.file_name,
                "url": f"?sheet={n}",
                "is_current": n == sheet + 1,
                "count": len(s.table.rows),
            }
            for n, s in enumerate(found.sources, 1)
        ],
        "sheet": sheet + 1,
        "preview": preview(source.table, source.layout, plan, first=first, limit=ROWS_SHOWN),
        "first": first,
        "columns": _columns(
            preview(source.table, source.layout, None, first=1, limit=0), source.layout
        ),
        "layout": source.layout,
        "purposes": _purposes(source.layout),
        "prev_url": f"?sheet={sheet + 1}&from={max(1, first - ROWS_SHOWN)}" if first > 1 else "",
        "next_url": f"?sheet={sheet + 1}&from={first + ROWS_SHOWN}"
        if first + ROWS_SHOWN <= len(source.table.rows)
        else "",
    }
    if plan is not None:
        context |= _planned(request, plan)
    return render(request, "imports/look.html", context, status=error.status if error else 200)


def _planned(request: Request, plan: Plan) -> dict[str, Any]:
    questions = [_question(n, d) for n, d in enumerate(plan.doubts)]
    return {
        "plan": plan,
        "comparison": queries.compare(request.actor, plan),
        "open_questions": [q for q in questions if q.doubt.blocks],
        "settled": [q for q in questions if not q.doubt.blocks],
        "counts": [
            (_("keys"), len(plan.keys)),
            (_("copies"), len(plan.copies)),
            (_("people and firms"), len(plan.holders)),
            (_("doors and the like"), len(plan.access_points)),
            (_("spaces"), len(plan.spaces)),
            (_("cabinets and boxes"), len(plan.containers)),
            (_("rings"), len(plan.rings)),
            (_("codes to seal"), sum(code.value is not None for code in plan.codes)),
        ],
    }


def _question(index: int, doubt: Doubt) -> Question:
    options = tuple(
        (choice.value, _(choice.label) % doubt.values, choice.value == doubt.chosen)
        for choice in doubt.choices
    )
    chosen = next((label for _value, label, is_chosen in options if is_chosen), "")
    return Question(index, doubt, _(doubt.sentence) % doubt.values, options, chosen)


def _columns(shown: Preview, layout: Layout) -> list[dict[str, Any]]:
    return [
        {
            "index": n,
            "heading": column.heading,
            "options": [
                (field.value, words, field is layout.fields[n])
                for field, words in FIELD_WORDS.items()
            ],
        }
        for n, column in enumerate(shown.columns)
    ]


def _purposes(layout: Layout) -> list[tuple[str, str, bool]]:
    words = {
        Purpose.REGISTER: _("a register of keys"),
        Purpose.CODES: _("a list of codes"),
        Purpose.IGNORE: _("nothing to import"),
    }
    return [(p.value, text, p is layout.purpose) for p, text in words.items()]


def answer(request: Request, slug: str, import_id: int) -> HttpResponse:
    """Keep answers: those of the form, or every suggestion at once."""
    found = imports.opened(request.actor, import_id)
    plan = imports.plan_for(request.actor, found)
    kept = dict(found.view.answers.choices)
    if "suggested" in request.POST:
        kept |= plan.suggested().choices
    else:
        kept |= dict(_answers(request.POST, plan.doubts))
    return _decide(request, found, answers=kept)


def _answers(sent: QueryDict, doubts: Iterable[Doubt]) -> Iterable[tuple[str, str]]:
    for index, doubt in enumerate(doubts):
        value = sent.get(f"answer-{index}", "")
        if value and sent.get(f"about-{index}") == doubt.id:
            yield doubt.id, value


def columns(request: Request, slug: str, import_id: int) -> HttpResponse:
    """Keep what each column of one sheet means."""
    found = imports.opened(request.actor, import_id)
    try:
        layouts = _layouts(request, found)
    except Invalid as error:
        return _shown(request, found, error)
    return _decide(request, found, layouts=layouts)


def _layouts(request: Request, found: Opened) -> list[Layout]:
    sent = request.POST
    layouts = list(found.view.layouts)
    sheet = sent.get("sheet", "")
    at = int(sheet) - 1 if sheet.isdecimal() and len(sheet) <= 4 else -1
    if not 0 <= at < len(layouts):
        raise Invalid(_("There is no such sheet."), field="sheet")
    before = layouts[at]
    header = sent.get("header", "").strip()
    if header and not header.isdecimal():
        raise Invalid(_("The row of the heading is a number, or empty."), field="header")
    fields = [_chosen(Field, sent.get(f"field-{n}"), old) for n, old in enumerate(before.fields)]
    layouts[at] = replace(
        before,
        purpose=_chosen(Purpose, sent.get("purpose"), before.purpose),
        header=int(header[:9]) if header else None,
        fields=tuple(fields),
        rows_are_sets="rows_are_sets" in sent,
    )
    return layouts


def _chosen(kind: Any, value: str | None, otherwise: Any) -> Any:
    try:
        return kind(value) if value else otherwise
    except ValueError:
        raise Invalid(_("This is not one of the choices.")) from None


def _decide(request: Request, found: Opened, **kept: Any) -> HttpResponse:
    """Keep what was decided if it makes sense; the address keeps its sheet."""
    sheet = request.POST.get("sheet", "1")
    to = here(request, "import-look", import_id=found.view.id)
    version = request.POST.get("version", "")
    if version.isdecimal():
        found = replace(found, view=replace(found.view, version=int(version[:9])))
    try:
        imports.decide(request.actor, found.view, **kept)
    except NothingToImport:
        pass
    except KeysteadError as error:
        return refused(request, error, to)
    return HttpResponseRedirect(f"{to}?sheet={sheet if sheet.isdecimal() else 1}")


def apply(request: Request, slug: str, import_id: int) -> HttpResponse:
    """Write the file into the register, or go on where it was stopped."""
    to = here(request, "import-look", import_id=import_id)
    try:
        applied = imports.start(request.actor, import_id)
    except KeysteadError as error:
        return refused(request, error, to)
    if not applied.is_finished:
        return HttpResponseRedirect(to)
    text = ngettext(
        "Imported: %(copies)d copy is new.",
        "Imported: %(copies)d copies are new.",
        applied.copies_made,
    )
    return done(request, text % {"copies": applied.copies_made}, to)


def undo(request: Request, slug: str, import_id: int) -> HttpResponse:
    """Take a stopped import back."""
    operations.undo_import(request.actor, import_id=import_id)
    return done(request, _("Taken back. None of it was visible."), here(request, "import"))


def discard(request: Request, slug: str, import_id: int) -> HttpResponse:
    """Throw the file away; nothing of it was imported."""
    operations.discard_import(request.actor, import_id=import_id)
    return done(request, _("Thrown away. Nothing was imported."), here(request, "import"))


def problem_file(request: HttpRequest, slug: str, import_id: int) -> HttpResponse:
    """Every doubt with its row number as a CSV file; codes are masked."""
    actor = getattr(request, "actor")  # noqa: B009 - set by the guard
    plan = imports.plan_for(actor, imports.opened(actor, import_id))
    text = "\ufeff" + problems.problems_csv(plan, _)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{import_id}-problems.csv"'
    return response


def export_copies(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The register of copies as a CSV file, page by page."""
    actor = getattr(request, "actor")  # noqa: B009 - set by the guard
    lines = exporting.copies_csv(actor)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}-copies.csv"'
    return response
