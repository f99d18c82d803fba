"""What JOBS=celery adds: messages that wake Celery's workers. They carry no work; that stands in the table of jobs."""
