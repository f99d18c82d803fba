"""Labels and categories under /api/v1/."""

from django.urls import path

from workloom.work.labels.views import CategoryItem, CategoryList, LabelItem, LabelList

urlpatterns = [
    path("labels/", LabelList.as_view()),
    path("labels/<uuid:label_id>/", LabelItem.as_view()),
    path("categories/", CategoryList.as_view()),
    path("categories/<uuid:category_id>/", CategoryItem.as_view()),
]
