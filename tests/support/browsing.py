"""A browser without JavaScript: follows links, fills in forms, and reads what a page says."""

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from tests.cast import PASSWORD


@dataclass
class Form:
    """A form as the page has it: where it goes, how, and what it would send untouched."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    """Collects forms with their values, and leaves out what is not shown."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if tag == "form":
            method = (has.get("method") or "get").lower()
            self._form = Form(has.get("action") or self.address, method)
            self.forms.append(self._form)
        elif self._form is not None and tag in ("input", "select", "textarea", "option"):
            self._value(tag, has)

    def _value(self, tag: str, has: dict[str, str | None]) -> None:
        assert self._form is not None
        name, value = has.get("name") or "", has.get("value") or ""
        if tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in has or self._select not in self._form.values):
            self._form.values[self._select] = value
        elif tag == "textarea" and name:
            self._form.values.setdefault(name, "")
        elif name and (has.get("type") not in ("checkbox", "radio") or "checked" in has):
            self._form.values[name] = value or "on" * (has.get("type") == "checkbox")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


@dataclass(frozen=True)
class Page:
    """An answer: its address, status, text and forms."""

    url: str
    status: int
    body: str

    @property
    def text(self) -> str:
        """What the page says in its main part, in one line."""
        main = re.sub(r"(?s)^.*<main[^>]*>|</main>.*$", "", self.body)
        plain = re.sub(r"(?s)<(datalist|template|option)[^>]*>.*?</\1>", " ", main)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", plain)).split())

    @property
    def heading(self) -> str:
        """The first heading."""
        found = re.search(r"(?s)<h1[^>]*>(.*?)</h1>", self.body)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found[1])).split()) if found else ""

    @property
    def forms(self) -> list[Form]:
        """The forms on the page, those of the frame included."""
        reader = _Reader(self.url)
        reader.feed(self.body)
        return reader.forms

    def form(self, part: str = "") -> Form:
        """The form that posts to `part`, or to an address with it in; without, to this page."""
        posting = [form for form in self.forms if form.method == "post"]
        for form in posting:
            if form.action == (part or self.url):
                return form
        for form in posting:
            if part and part in form.action:
                return form
        raise AssertionError(f"No form posts to {part or self.url} here.")


class Browser:
    """Somebody's browser, signed in or not; forms need their token, as in life."""

    def __init__(self, email: str = "") -> None:
        self.client = Client(enforce_csrf_checks=True)
        if email:
            self.fill(
                reverse("account_login"), login=email, password=PASSWORD.reveal(), follow=False
            )

    def get(self, url: str, **headers: str) -> Page:
        """Open an address, following redirects."""
        answer = self.client.get(url, follow=True, headers=headers or None)
        return _page(answer, url)

    def fill(self, url: str, part: str = "", *, follow: bool = True, **values: Any) -> Page:
        """Open a page, fill its form in and send it."""
        return self.send(self.get(url).form(part), follow=follow, **values)

    def send(self, form: Form, *, follow: bool = True, **values: Any) -> Page:
        """Send a form with these values in place of its own."""
        typed = {**form.values, **{name: str(value) for name, value in values.items()}}
        answer = self.client.post(form.action, typed, follow=follow)
        return _page(answer, form.action)

    def post(self, url: str, **values: Any) -> Page:
        """Send values to an address with a token from some page, as a script would."""
        token = self.get(reverse("home")).body
        found = re.search(r'"X-CSRFToken": "(\w+)"', token)
        assert found
        return self.send(Form(url, "post", {"csrfmiddlewaretoken": found[1]}), **values)


def _page(answer: Any, url: str) -> Page:
    chain = getattr(answer, "redirect_chain", [])
    return Page(chain[-1][0] if chain else url, answer.status_code, answer.content.decode())
