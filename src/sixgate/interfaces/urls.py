"""All addresses: pages, API."""

from django.urls import include, path

from sixgate.interfaces.api import api

urlpatterns = [path("api/v1/", api.urls), path("", include("sixgate.interfaces.web.urls"))]
