"""The journal and what lies outside: its checkpoints, comparing them, and the journal as a file."""

from typing import TypeVar

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.formats import number_format
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _

from keystead.journal import against, checkpoints, exporting
from keystead.journal.against import Finding
from keystead.journal.checkpoints import Sealing
from keystead.journal.saying import translated
from keystead.journal.standalone import LONGEST_NOTE
from keystead.kernel.errors import Invalid, NotFound
from keystead.web.forms.sealing import CompareForm
from keystead.web.http import Request
from keystead.web.templatetags.keystead_ui import when
from keystead.web.wording import fill


def heading(sequence: int, found: Sealing) -> str:
    """How far the journal reaches, and when that was last put outside."""
    number = number_format(sequence, force_grouping=True)
    if found.last is None:
        return conditional_escape(_("Sealed up to entry %(number)s") % {"number": number})
    sentence = _("Sealed up to entry %(number)s; last checkpoint outside: %(when)s")
    return fill(sentence, number=number, when=when(found.last.at))


def compared(request: Request, form: CompareForm) -> list[Finding]:
    """What the checkpoints in a form that was sent say; empty if there are none."""
    if not form.is_valid():
        return []
    texts = _texts(form)
    try:
        return against.compare(request.actor, texts, form.cleaned_data["key"] or None)
    except Invalid as refusal:
        field = "key" if refusal.data.get("field") == "key" else None
        form.add_error(field, translated(refusal.message))
        return []


def _texts(form: CompareForm) -> dict[str, str]:
    pasted = form.cleaned_data["text"]
    found = {_("pasted"): pasted} if pasted.strip() else {}
    for number, file in enumerate(form.cleaned_data["kept"] or (), 1):
        name = f"{number}: {(file.name or '')[:100]}"
        found[name] = file.read(LONGEST_NOTE + 1).decode("utf-8", "replace")
    return found


def download(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The whole journal as lines that anybody can check."""
    actor = getattr(request, "actor")  # noqa: B009 - set by the guard
    response = StreamingHttpResponse(exporting.lines(actor), content_type=exporting.MEDIA_TYPE)
    return _as_file(response, f"{slug}-journal.jsonl")


def checkpoint(request: Request, slug: str) -> HttpResponse:
    """The last checkpoint, to print or to keep elsewhere."""
    found = checkpoints.note_again(request.actor)
    if found is None:
        raise NotFound(_("No checkpoint was made yet."))
    name, note = found
    return _as_file(HttpResponse(note, content_type="text/plain; charset=utf-8"), f"{name}.txt")


R = TypeVar("R", HttpResponse, StreamingHttpResponse)


def _as_file(response: R, name: str) -> R:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
