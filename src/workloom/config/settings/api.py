from typing import Any

from workloom.config.settings.readers import Reader

_read = Reader("Limits")

THROTTLE_ANON_RATE = _read.rate("THROTTLE_ANON_RATE", "Requests from one address without sign-in.", default="1000/hour")
THROTTLE_USER_RATE = _read.rate("THROTTLE_USER_RATE", "Requests of one signed-in person.", default="20000/hour")

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["workloom.people.accounts.authentication.Authentication"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": ["workloom.core.http.parsing.JsonParser"],
    "DEFAULT_RENDERER_CLASSES": ["workloom.core.http.rendering.JsonRenderer"],
    "DEFAULT_SCHEMA_CLASS": "workloom.core.http.schema.WorkloomSchema",
    "EXCEPTION_HANDLER": "workloom.core.http.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": [
        "workloom.core.http.rendering.JsonRenderer",
        "rest_framework.renderers.MultiPartRenderer",
    ],
    "DATETIME_FORMAT": "iso-8601",
    "COERCE_DECIMAL_TO_STRING": False,
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Workloom",
    "DESCRIPTION": "Projects, boards, tasks and the log under them.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "bearer": {
                "type": "http",
                "scheme": "bearer",
                "description": "An access token, or a personal token (wl_…).",
            },
            "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": "sessionid",
                "description": "The web app's own, with X-CSRFToken.",
            },
        }
    },
    "ENUM_NAME_OVERRIDES": {
        "ProjectRole": "workloom.work.projects.queries.PROJECT_ROLES",
        "WorkspaceRole": "workloom.work.workspaces.queries.ROLES",
        "UserRole": "workloom.work.directory.queries.ROLES",
    },
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_NO_READ_ONLY_REQUIRED": True,
    "SORT_OPERATIONS": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    # Without a validator: its badge would come from another host.
    "SWAGGER_UI_SETTINGS": {"persistAuthorization": False, "deepLinking": True, "filter": True, "validatorUrl": None},
}
