"""The WSGI entry point. An unfit production start ends here; a proxy's headers are believed from trusted addresses only.

A worker does not outlive the server that started it, however that ends: left alone it would go on answering at the old address.
"""

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from django.core.wsgi import get_wsgi_application

PR_SET_PDEATHSIG = 1


def fit_application() -> Callable[..., Any]:
    """Return the application; raise ImproperlyConfigured where production may not start."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sixgate.settings")
    served: Callable[..., Any] = get_wsgi_application()
    from django.conf import settings
    from django.db import connections
    from granian.utils.proxies import wrap_wsgi_with_proxy_headers

    from sixgate.interfaces.checks import refuse_unfit_start

    refuse_unfit_start()
    _end_with_parent()
    connections.close_all()
    return wrap_wsgi_with_proxy_headers(served, trusted_hosts=settings.TRUSTED_PROXIES) if settings.TRUSTED_PROXIES else served


def _end_with_parent() -> None:
    """Let the kernel end this process with its parent; Linux only, and only where a server forked it."""
    if sys.platform == "linux" and multiprocessing.parent_process() is not None:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


application = fit_application()
