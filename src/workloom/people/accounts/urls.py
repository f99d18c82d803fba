"""The addresses of this room. An alias is the same view under another server's name, left out of the document."""

from django.urls import path, re_path

from workloom.people.accounts.models import SessionKind
from workloom.people.accounts.views import doors, keys, pages

urlpatterns = [
    path("auth/register/", doors.RegisterView.as_view()),
    path("auth/login/", doors.LoginView.as_view()),
    path("auth/refresh/", doors.RefreshView.as_view()),
    path("auth/logout/", doors.LogoutView.as_view()),
    path("auth/logout-all/", doors.LogoutAllView.as_view()),
    path("auth/verify/", doors.VerifyView.as_view()),
    path("auth/profile/", doors.ProfileView.as_view()),
    path("auth/change-password/", doors.ChangePasswordView.as_view()),
    path("auth/sessions/", keys.SessionsView.as_view()),
    path("auth/sessions/<str:session>/", keys.SessionView.as_view(), name="session"),
    path("auth/tokens/", keys.TokensView.as_view()),
    path("auth/tokens/<str:token>/", keys.TokenView.as_view(), name="token"),
    path("auth/jwks/", doors.JwksView.as_view()),
    # Aliases.
    path("auth/users/", doors.RegisterView.as_view(schema=None)),
    path("register/", doors.RegisterView.as_view(schema=None)),
    path("auth/users/me/", doors.ProfileView.as_view(schema=None)),
    path("profile/", doors.ProfileView.as_view(schema=None)),
    path("token/", doors.LoginView.as_view(schema=None, kind=SessionKind.COMPAT)),
    path("token/refresh/", doors.RefreshView.as_view(schema=None)),
]

page_urlpatterns = [re_path(r"^setup/(?P<token>[A-Za-z0-9_-]{1,100})/?$", pages.setup, name="setup")]
