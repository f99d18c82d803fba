"""Every form reads each hostile string in each of its fields, without the database: what it refuses cannot have been written."""

import pytest
from rest_framework import serializers

from tests.bad_input.walk.doors import doors, left_out
from tests.bad_input.walk.places import taken_by
from workloom.core.http.inputs import Input, Text

FORMS = sorted({door.row.operation.body for door in doors() if door.row.operation.body}, key=lambda form: form.__name__)


def test_no_operation_is_left_out() -> None:
    assert left_out() == []


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_form_takes_each_text_as_it_is_or_refuses_it(form: type[Input]) -> None:
    for place, texts in taken_by.__wrapped__(form).items():
        if type(place.field) in (Text, serializers.CharField):
            trims = place.field.trim_whitespace
            for text in texts:
                assert place.field.run_validation(text) == (text.strip() if trims else text), (str(place), text)
