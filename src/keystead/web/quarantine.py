"""A copy that is held back: what to look at, and confirming that it is the one in use."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from keystead.exchange import quarantine as quarantining
from keystead.web.http import by_installation


def quarantine(request: HttpRequest) -> HttpResponse:
    """Why this copy is held back, for the operator; on POST it is the one in use from now on."""
    actor = by_installation(request)
    if request.method == "POST":
        if quarantining.end(actor):
            messages.success(request, _("This copy is in use now. Mail goes out again."))
        return redirect("home")
    return render(request, "start/quarantine.html", {"report": quarantining.report(actor)})
