import gc
import weakref

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from rest_framework.request import Request

from workloom.core.errors import Refused
from workloom.core.http.endpoint import Endpoint


class Door(Endpoint):
    public = True
    counted = False

    def get(self, request: Request) -> HttpResponse:
        if "wrong" in request.query_params:
            raise Refused("wrong", "It is wrong.")
        return self.done()


@pytest.mark.parametrize("address", ["/", "/?wrong=1"])
def test_a_request_is_freed_at_once_and_not_by_the_garbage_collector(address: str) -> None:
    request = RequestFactory().get(address)
    freed = weakref.ref(request)
    gc.disable()
    try:
        answer = Door.as_view()(request)
        assert answer.status_code in (204, 400)
        del answer, request
        assert freed() is None
    finally:
        gc.enable()
