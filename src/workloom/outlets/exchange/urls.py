from django.urls import path

from workloom.outlets.exchange.views import ImportItem, ImportList, PlaceholderClaim, PlaceholderList

urlpatterns = [
    path("imports/", ImportList.as_view()),
    path("imports/<uuid:import_id>/", ImportItem.as_view()),
    path("projects/<uuid:project_id>/placeholders/", PlaceholderList.as_view()),
    path("projects/<uuid:project_id>/placeholders/<uuid:user_id>/claim/", PlaceholderClaim.as_view()),
]
