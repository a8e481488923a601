"""The Celery application: beat starts a tick at fixed intervals, and workers run the jobs, which are rows."""

import os

from celery import Celery

from portal.jobs import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

broker.use_for_folders()
app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
