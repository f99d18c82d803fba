"""The one page that is no part of the API: setting up a fresh installation."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from workloom.core.errors import Missing, Refused
from workloom.people.accounts.actions.setup import use_setup_link
from workloom.people.accounts.queries import has_operator, open_setup_link
from workloom.people.accounts.rules.names import LONGEST_EMAIL
from workloom.people.accounts.rules.passwords import LONGEST

PAGE = "accounts/setup.html"


class SetupForm(forms.Form):
    """The first administrator."""

    email = forms.EmailField(label="E-mail address", max_length=LONGEST_EMAIL)
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="Password again",
        strip=False,
        max_length=LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, str]:
        """Compare the two passwords."""
        if self.cleaned_data.get("password") != self.cleaned_data.get("again"):
            self.add_error("again", "The two passwords differ.")
        return self.cleaned_data


@sensitive_post_parameters()
@csrf_protect
@never_cache
@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form to who holds the link, and make the administrator."""
    if has_operator() or not open_setup_link(token).exists():
        return render(request, PAGE, {"state": "void"}, status=404)
    form = SetupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = use_setup_link(token, form.cleaned_data["email"], form.cleaned_data["password"])
        except Missing:
            return render(request, PAGE, {"state": "void"}, status=404)
        except Refused as refusal:
            for error in refusal.errors:
                form.add_error(error.field if error.field in form.fields else None, error.detail)
        else:
            return render(request, PAGE, {"state": "done", "user": user})
    return render(request, PAGE, {"state": "open", "form": form}, status=400 if form.errors else 200)
