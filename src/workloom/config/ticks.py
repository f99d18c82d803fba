"""A plain list: regular duties and how many seconds lie between them."""

TICKS: dict[str, int] = {
    "workloom.work.tasks.actions.record_breaches": 20,
    "workloom.core.http.idempotency.forget_old": 3600,
    "workloom.core.mail.actions.forget_old_mails": 3600,
    "workloom.events.kept_jobs.forget_finished": 3600,
    "workloom.events.prune.prune_old_events": 3600,
    "workloom.events.erase.erase_old_addresses": 3600,
    "workloom.people.accounts.actions.forget_old_sessions": 3600,
    "workloom.work.tasks.actions.purge_old": 3600,
    "workloom.work.projects.actions.purge_old_projects": 3600,
    "workloom.outlets.exchange.actions.sweep_files": 3600,
    "workloom.work.comments.actions.purge_old_comments": 3600,
    "workloom.outlets.webhooks.actions.wake_forgotten": 60,
    "workloom.outlets.webhooks.actions.forget_old_deliveries": 3600,
    "workloom.outlets.notifications.actions.send_digests": 60,
    "workloom.outlets.notifications.actions.remind": 60,
    "workloom.outlets.notifications.actions.sweep_notifications": 3600,
}
