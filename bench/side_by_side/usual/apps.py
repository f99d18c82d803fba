from django.apps import AppConfig


class Usual(AppConfig):
    name = "bench.side_by_side.usual"
    label = "usual"
