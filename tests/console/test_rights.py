"""Every route names its permission, and another role's page is a page in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.console.access import PUBLIC, SITE_PERMISSIONS
from app.security.permissions import PERMISSIONS, ROLES, allowed
from app.store import new_id
from tests.console.pages import Browser

NO_PAGES = ("console.events", "console.alarm")
PUBLIC_ROUTES = {"console.sign_in", "console.sign_in_act"}


def console_routes(app: Flask) -> dict[str, object]:
    """The console's views by endpoint, without its files."""
    return {
        rule.endpoint: app.view_functions[rule.endpoint]
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("console.") and rule.endpoint != "console.static"
    }


def test_every_route_names_its_permission(app: Flask) -> None:
    routes = console_routes(app)
    assert len(routes) > 30
    without = [
        name for name, view in routes.items() if getattr(view, "permission", None) not in SITE_PERMISSIONS
    ]
    assert without == []


def test_every_permission_is_asked_for_somewhere(app: Flask) -> None:
    asked = {getattr(view, "permission", None) for view in console_routes(app).values()}
    assert set(PERMISSIONS) - asked == {"case:override"}, "it is asked for within a page"


def test_only_the_sign_in_is_public(app: Flask) -> None:
    public = {name for name, view in console_routes(app).items() if getattr(view, "permission", "") == PUBLIC}
    assert public == PUBLIC_ROUTES


def test_a_route_with_an_unknown_permission_does_not_start() -> None:
    from app.console.access import needs

    with pytest.raises(KeyError):
        needs("queue:everything")


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_role_gets_its_own_pages_and_words_on_the_others(
    role: str, app: Flask, somebody: Callable[[str], Browser]
) -> None:
    who = {"coordinator": "ana", "nurse": "max", "manager": "max", "admin": "ada", "auditor": "aud"}[role]
    roles = {"ana": ["coordinator"], "max": ["manager", "nurse"], "ada": ["admin"], "aud": ["auditor"]}[who]
    browser = somebody(who)
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        permission = getattr(view, "permission", PUBLIC)
        if not rule.endpoint.startswith("console.") or permission == PUBLIC or rule.endpoint in NO_PAGES:
            continue
        if "GET" not in (rule.methods or ()) or rule.arguments:
            continue
        page = browser.get(rule.rule, status=200 if allowed(roles, permission) else 403)
        assert (page.h1 == ["You may not open this page"]) == (not allowed(roles, permission)), rule.rule


def test_the_alarm_counts_what_nobody_has_claimed(ana: Browser, somebody: Callable[[str], Browser]) -> None:
    assert ana.client.get("/alarm").json == {"emergencies": 1}
    assert somebody("aud").client.get("/alarm").status_code == 403


def test_an_admin_and_an_auditor_see_no_patient(somebody: Callable[[str], Browser]) -> None:
    for who in ("ada", "aud"):
        browser = somebody(who)
        browser.get(f"/cases/{new_id()}", status=403)
        browser.get("/", status=403)
        browser.get("/account")
        browser.post(f"/cases/{new_id()}/claim", status=403)


def test_addresses_nobody_has(ana: Browser, app: Flask) -> None:
    assert ana.get("/no-such-page", status=404).h1 == ["Page not found"]
    assert Browser(app.test_client()).get("/no-such-page", status=404).h1 == ["Page not found"]


def test_programs_get_no_page(app: Flask) -> None:
    answer = app.test_client().get("/webhooks/twilio/nothing")
    assert answer.status_code == 404
    assert "Careloop" not in answer.text
