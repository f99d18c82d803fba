"""A plain list: who follows the log, each at its own pace. A function takes one `events.rows.Published`."""

CONSUMERS: dict[str, str] = {
    "notifications": "workloom.outlets.notifications.consumer.consume",
    "webhooks": "workloom.outlets.webhooks.consumer.consume",
}
