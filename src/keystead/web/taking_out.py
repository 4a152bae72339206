"""Taking everything out from the browser."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from keystead.exchange import everything
from keystead.kernel.errors import NotFound
from keystead.web.http import Request


def page(request: Request, slug: str) -> HttpResponse:
    """What is in the files, and what is not."""
    return render(request, "imports/take_out.html", {"section": "import"})


def file(request: HttpRequest, slug: str, kind: str) -> FileResponse:
    """Everything as one file, written first and sent then."""
    actor = getattr(request, "actor")  # noqa: B009 - set by the guard
    for known in everything.FORMATS:
        if known == kind:
            taken = everything.take_out(actor, known)
            break
    else:
        raise NotFound(_("There is nothing here."))
    return FileResponse(
        taken.file, as_attachment=True, filename=taken.file_name, content_type=taken.content_type
    )
