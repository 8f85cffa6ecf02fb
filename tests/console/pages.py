"""A strict reader of pages: what it refuses, no page of ours may have."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

INLINE = frozenset({"a", "b", "strong", "mark", "span", "time", "code", "kbd", "svg", "path"})
VOID = frozenset({"meta", "link", "input", "br", "hr", "img", "path", "source", "track", "wbr"})
FIELDS = frozenset({"input", "select", "textarea"})


@dataclass
class Form:
    """A form: where it goes and what it sends if nobody touches it."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    words: str = ""


class Page(HTMLParser):
    """A page, checked while it is read: `problems` is empty for a good one."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.problems: list[str] = []
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self._ids: list[str] = []
        self._labels: set[str] = set()
        self._fields: list[dict[str, str]] = []
        self._open: list[tuple[str, dict[str, str]]] = []
        self._said = ""
        self.h1: list[str] = []
        self.title = ""
        self.feed(html)
        self.close()
        self._finish()

    @property
    def words(self) -> str:
        """All that can be read, with single spaces."""
        return " ".join(self._said.split())

    def form(self, action: str) -> Form:
        """The one form that goes there."""
        (found,) = [form for form in self.forms if form.action == action]
        return found

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in pairs}
        self._attributes(tag, attributes)
        if tag == "form":
            self.forms.append(Form(attributes.get("action", ""), attributes.get("method", "get")))
        if self.forms and tag in FIELDS | {"button"} and any(name == "form" for name, _ in self._open):
            self._field(tag, attributes)
        if tag not in INLINE:
            self._said += " "
        if tag not in VOID:
            self._open.append((tag, attributes))

    def handle_startendtag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        self._attributes(tag, {name: value or "" for name, value in pairs})

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            self.problems.append(f"</{tag}> closes nothing that is open last")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        inside = [tag for tag, _ in self._open]
        if "script" in inside and data.strip():
            self.problems.append("a script stands in the page itself")
        if "title" in inside:
            self.title += data
            return
        if "h1" in inside:
            self.h1[-1] += data
        if "option" not in inside:
            self._said += data
        for tag, attributes in self._open:
            if tag == "a":
                self.links[attributes.get("href", "")] = self.links.get(attributes.get("href", ""), "") + data
            if "id" in attributes:
                self.texts[attributes["id"]] = self.texts.get(attributes["id"], "") + data

    def _attributes(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "h1":
            self.h1.append("")
        if "id" in attributes:
            self._ids.append(attributes["id"])
        for name in attributes:
            if name == "style" or name.startswith("on"):
                self.problems.append(f"<{tag}> has {name}, which our policy forbids")
        if tag == "label":
            self._labels.add(attributes.get("for", ""))
        if tag in FIELDS and attributes.get("type") != "hidden" and "hidden" not in attributes:
            self._fields.append(attributes)
        if tag == "a" and not attributes.get("href"):
            self.problems.append("a link leads nowhere")
        if tag == "form" and not attributes.get("action"):
            self.problems.append("a form goes nowhere")
        if tag == "button" and "type" not in attributes:
            self.problems.append("a button does not say its type")

    def _field(self, tag: str, attributes: dict[str, str]) -> None:
        chosen = attributes.get("type") not in ("checkbox", "radio") or "checked" in attributes
        if attributes.get("name") and chosen:
            self.forms[-1].fields[attributes["name"]] = attributes.get("value", "")

    def _finish(self) -> None:
        if len(self.h1) != 1:
            self.problems.append(f"{len(self.h1)} first-level headings instead of one")
        elif not self.title.startswith(self.h1[0].strip()):
            self.problems.append(f"the title {self.title!r} does not begin with the heading {self.h1[0]!r}")
        doubled = {name for name in self._ids if self._ids.count(name) > 1}
        if doubled:
            self.problems.append(f"these ids stand twice: {sorted(doubled)}")
        self.problems += [
            f"a field has no label: {attributes}"
            for attributes in self._fields
            if attributes.get("id") not in self._labels and "aria-label" not in attributes
        ]
        self.problems += [
            f"the form to {form.action} has no token"
            for form in self.forms
            if form.method == "post" and not form.fields.get("csrf_token")
        ]
        self.problems += [f"<{tag}> is never closed" for tag, _ in self._open]
        if re.search(r"[a-z]'[a-z]", self.words):
            self.problems.append("a straight apostrophe stands in the words")


class Browser:
    """A client that reads every page strictly and sends forms as a browser would."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page = Page("<title>x</title><h1>x</h1>")
        self.answer: TestResponse | None = None

    def get(self, address: str, *, status: int = 200, **more: Any) -> Page:
        """Open an address, following redirects."""
        return self._read(self.client.get(address, follow_redirects=True, **more), status)

    def send(self, action: str, *, status: int = 200, follow: bool = True, **fields: Any) -> Page:
        """Send the form of the open page that goes there, with some of its fields filled in."""
        form = self.page.form(action)
        data = {**form.fields, **fields}
        return self._read(self.client.post(action, data=data, follow_redirects=follow), status)

    def post(self, action: str, *, status: int = 200, **fields: Any) -> Page:
        """Send a form the open page need not have, with the page's token."""
        token = next(form.fields["csrf_token"] for form in self.page.forms if "csrf_token" in form.fields)
        data = {"csrf_token": token, **fields}
        return self._read(self.client.post(action, data=data, follow_redirects=True), status)

    def sign_in(self, email: str, password: str = "correct horse battery") -> Page:
        """Sign in as somebody."""
        self.get("/sign-in")
        return self.send("/sign-in", email=email, password=password)

    def _read(self, answer: TestResponse, status: int) -> Page:
        assert answer.status_code == status, f"{answer.status_code}: {answer.text[:2000]}"
        self.answer, self.page = answer, Page(answer.text)
        assert self.page.problems == [], f"{answer.request.path}: {self.page.problems}"
        return self.page
