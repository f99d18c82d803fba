"""The admin site: the framework's pages with our sign-in, sessions and passwords behind them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, cast

from django import forms
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest
from django.urls import reverse

from workloom.core.actor import Actor
from workloom.core.context import current_context, using_context
from workloom.core.errors import Refused, Unauthenticated
from workloom.core.http.readonly import ReadOnlyAdmin
from workloom.people.accounts.actions.profile import change_password
from workloom.people.accounts.actions.sessions import end_session, open_session
from workloom.people.accounts.browser import keep_in_browser, leave_browser, session_of_browser
from workloom.people.accounts.models import SessionKind, User
from workloom.people.accounts.rules.wanted import NewPassword


class SignInForm(AdminAuthenticationForm):
    """Takes an address or a username."""

    def __init__(self, request: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = "E-mail address or username"


class PasswordForm(AdminPasswordChangeForm):
    """Changes a password by the action that the API calls."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean(self) -> dict[str, Any]:
        """Carry the change out: only the action knows whether it can be."""
        sent = self.cleaned_data
        if self.errors:
            return sent
        wanted = NewPassword(sent["old_password"], sent["new_password1"], sent["new_password2"])
        try:
            change_password(self.actor.person, wanted, actor=self.actor)
        except Refused as refusal:
            raise forms.ValidationError([error.detail for error in refusal.errors] or [refusal.detail]) from refusal
        return sent

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002 - the framework's signature
        """Return the person; the change is made already."""
        return User.objects.get(pk=self.actor.person)


class Site(AdminSite):
    """Read-only but for buttons that call actions."""

    site_header = site_title = "Workloom"
    index_title = "What is in the database"
    login_form = SignInForm

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take pages that write nothing by themselves; those that frameworks bring along are left out."""
        if admin_class is not None and issubclass(admin_class, ReadOnlyAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Open one of our sessions for who signs in."""
        before = session_of_browser(request)
        with from_admin():
            answer = super().login(request, extra_context)
            if request.method == "POST" and answer.status_code == 302:
                if before:
                    end_session(before, actor=before.user.as_actor(before.id))
                keep_in_browser(request, open_session(_person(request), SessionKind.BROWSER).session)
        return answer

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """End our session too."""
        if request.method == "POST":
            with from_admin():
                leave_browser(request)
        return super().logout(request, extra_context)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Change the own password."""
        with from_admin():
            return PasswordChangeView.as_view(
                form_class=partial(PasswordForm, actor=actor_of(request)),
                success_url=reverse("admin:password_change_done", current_app=self.name),
                extra_context={**self.each_context(request), **(extra_context or {})},
            )(request)


def actor_of(request: HttpRequest) -> Actor:
    """Return who presses a button on the admin site; raises Unauthenticated."""
    session = session_of_browser(request)
    if session is None:
        raise Unauthenticated
    return session.user.as_actor(session.id)


@contextmanager
def from_admin() -> Iterator[None]:
    """Let what happens inside the block be recorded as coming from the admin site."""
    with using_context(replace(current_context(), via="admin")):
        yield


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)
