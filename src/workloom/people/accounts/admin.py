"""People, sessions and tokens on the admin site: to look at, with buttons that call the actions."""

from collections.abc import Callable
from typing import ClassVar, TypeVar

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from workloom.core.actor import Actor
from workloom.core.errors import Refused
from workloom.core.http.readonly import ReadOnlyAdmin
from workloom.people.accounts.actions import (
    anonymise_user,
    change_role,
    end_all_sessions,
    end_session,
    revoke_token,
    set_active,
)
from workloom.people.accounts.models import PersonalToken, Session, User, UserRole
from workloom.people.accounts.site import actor_of, from_admin

M = TypeVar("M", bound=Model)


def press(request: HttpRequest, rows: QuerySet[M], act: Callable[[M, Actor], object]) -> None:
    """Carry out a button for each row chosen and tell what was refused."""
    done = 0
    for row in rows:
        try:
            with from_admin():
                act(row, actor_of(request))
            done += 1
        except Refused as refusal:
            messages.error(request, f"{row}: {refusal.detail}")
    if done:
        messages.success(request, f"Done for {done}.")


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = (
        "username",
        "email",
        "name",
        "role",
        "is_active",
        "is_verified",
        "is_placeholder",
        "last_login",
        "created_at",
    )
    list_filter = ("role", "is_active", "is_verified", "is_placeholder")
    search_fields = ("username_key", "email_key", "name")
    ordering = ("-created_at",)
    exclude: ClassVar = ["password", "username_key", "email_key"]
    actions = ("make_operator", "make_user", "activate", "deactivate", "sign_out", "anonymise")

    @admin.action(description="Make operator (role admin)")
    def make_operator(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        press(request, chosen, lambda user, actor: change_role(user.pk, UserRole.ADMIN, actor=actor))

    @admin.action(description="Make ordinary user (role user)")
    def make_user(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        press(request, chosen, lambda user, actor: change_role(user.pk, UserRole.USER, actor=actor))

    @admin.action(description="Let in again")
    def activate(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        press(request, chosen, lambda user, actor: set_active(user.pk, active=True, actor=actor))

    @admin.action(description="Deactivate and sign out")
    def deactivate(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        press(request, chosen, lambda user, actor: set_active(user.pk, active=False, actor=actor))

    @admin.action(description="Sign out everywhere")
    def sign_out(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        press(request, chosen, lambda user, actor: end_all_sessions(user.pk, actor=actor))

    @admin.action(description="Anonymise for good")
    def anonymise(self, request: HttpRequest, chosen: QuerySet[User]) -> HttpResponse | None:
        """Ask first: this cannot be taken back."""
        if "confirmed" not in request.POST:
            context = {**self.admin_site.each_context(request), "chosen": chosen, "title": "Anonymise for good?"}
            return TemplateResponse(request, "accounts/anonymise.html", context)
        press(request, chosen, lambda user, actor: anonymise_user(user.pk, actor=actor))
        return None


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    list_display = ("user", "kind", "address", "agent", "created_at", "last_seen_at", "expires_at", "ended_at")
    list_select_related = ("user",)
    list_filter = ("kind",)
    search_fields = ("user__username_key", "user__email_key", "address")
    ordering = ("-created_at",)
    exclude: ClassVar = ["refresh_hash", "previous_hash"]
    actions = ("end",)

    @admin.action(description="End")
    def end(self, request: HttpRequest, chosen: QuerySet[Session]) -> None:
        press(request, chosen, lambda session, actor: end_session(session, actor=actor))


@admin.register(PersonalToken)
class PersonalTokenAdmin(ReadOnlyAdmin):
    list_display = ("user", "name", "hint", "scopes", "created_at", "expires_at", "last_used_at", "ended_at")
    list_select_related = ("user",)
    search_fields = ("user__username_key", "user__email_key", "name")
    ordering = ("-created_at",)
    exclude: ClassVar = ["secret_hash"]
    actions = ("revoke",)

    @admin.action(description="Revoke")
    def revoke(self, request: HttpRequest, chosen: QuerySet[PersonalToken]) -> None:
        press(request, chosen, lambda token, actor: revoke_token(token, actor=actor))
