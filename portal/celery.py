"""The Celery application: beat rings, workers run the jobs that stand as rows."""

import os

from celery import Celery

from portal.jobs import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

broker.use_for_folders()
app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
