"""Entry point for gunicorn."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tnw.settings")

application = get_wsgi_application()

# What was loaded to get here stays to the end: the collector of each worker need not walk it again and again.
gc.collect()
gc.freeze()
