"""The WSGI entry point. An unfit production start ends here; a proxy's headers are believed from trusted addresses only."""

import os
from collections.abc import Callable
from typing import Any

from django.core.wsgi import get_wsgi_application


def fit_application() -> Callable[..., Any]:
    """Return the application; raise ImproperlyConfigured where production may not start."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sixgate.settings")
    served: Callable[..., Any] = get_wsgi_application()
    from django.conf import settings
    from django.db import connections
    from granian.utils.proxies import wrap_wsgi_with_proxy_headers

    from sixgate.interfaces.checks import refuse_unfit_start

    refuse_unfit_start()
    connections.close_all()
    return wrap_wsgi_with_proxy_headers(served, trusted_hosts=settings.TRUSTED_PROXIES) if settings.TRUSTED_PROXIES else served


application = fit_application()
