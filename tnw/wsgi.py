"""Entry point for gunicorn."""

import gc
import logging
import os

from django.core.wsgi import get_wsgi_application

from tnw.core.logs import WithoutAddress

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tnw.settings")

logging.getLogger("gunicorn.error").addFilter(WithoutAddress())

application = get_wsgi_application()

# What was loaded to get here stays to the end: the collector of each worker need not walk it again and again.
gc.collect()
gc.freeze()
