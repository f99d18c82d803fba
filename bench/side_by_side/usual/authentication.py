from typing import Any

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from bench.side_by_side.tokens import BadToken, bearer_of
from bench.side_by_side.usual.models import Session, User


class TokenAuthentication(BaseAuthentication):
    """A genuine token of a session that still lives, with its person in the same query."""

    def authenticate(self, request: Any) -> tuple[User, Session]:
        try:
            bearer = bearer_of(request.META.get("HTTP_AUTHORIZATION", ""))
            session = Session.objects.select_related("user").get(
                pk=bearer.session,
                user_id=bearer.user,
                ended_at=None,
                expires_at__gt=timezone.now(),
                user__is_active=True,
            )
        except (BadToken, Session.DoesNotExist) as error:
            raise AuthenticationFailed from error
        return session.user, session

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"
