"""The addresses of this room. An alias is the same view under another server's name, left out of the document."""

from django.urls import path, re_path

from workloom.people.accounts import key_views, pages, views
from workloom.people.accounts.models import SessionKind

urlpatterns = [
    path("auth/register/", views.RegisterView.as_view()),
    path("auth/login/", views.LoginView.as_view()),
    path("auth/refresh/", views.RefreshView.as_view()),
    path("auth/logout/", views.LogoutView.as_view()),
    path("auth/logout-all/", views.LogoutAllView.as_view()),
    path("auth/verify/", views.VerifyView.as_view()),
    path("auth/profile/", views.ProfileView.as_view()),
    path("auth/change-password/", views.ChangePasswordView.as_view()),
    path("auth/sessions/", key_views.SessionsView.as_view()),
    path("auth/sessions/<str:session>/", key_views.SessionView.as_view(), name="session"),
    path("auth/tokens/", key_views.TokensView.as_view()),
    path("auth/tokens/<str:token>/", key_views.TokenView.as_view(), name="token"),
    path("auth/jwks/", views.JwksView.as_view()),
    # Aliases.
    path("auth/users/", views.RegisterView.as_view(schema=None)),
    path("register/", views.RegisterView.as_view(schema=None)),
    path("auth/users/me/", views.ProfileView.as_view(schema=None)),
    path("profile/", views.ProfileView.as_view(schema=None)),
    path("token/", views.LoginView.as_view(schema=None, kind=SessionKind.COMPAT)),
    path("token/refresh/", views.RefreshView.as_view(schema=None)),
]

page_urlpatterns = [re_path(r"^setup/(?P<token>[A-Za-z0-9_-]{1,100})/?$", pages.setup, name="setup")]
