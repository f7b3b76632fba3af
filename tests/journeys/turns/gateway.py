"""Turns at the door: clients, webhooks and what could not be applied."""

from tests.journeys.turns.turn import Look, Turn

CLIENT = {
    "client_id": "trial-client",
    "name": "试验系统",
    "roles": ["system"],
    "scopes": ["funds.*"],
}
WEBHOOK = {"name": "无人接收", "url": "http://127.0.0.1:1099/", "types": ["kechuang.parks.*"]}

TURNS = [
    Turn("registerClient", "ops", CLIENT, keep="client"),
    Turn("updateClient", "ops", {"name": "试验"}, on="client"),
    Turn("disableClient", "ops", on="client"),
    Turn("enableClient", "ops", on="client"),
    Turn("addClientSecret", "ops", on="client"),
    Turn("removeClientSecret", "ops", on="client",
         path={"secret_id": "{client[secrets][0][secret_id]}"}),
    Turn("createWebhook", "office", WEBHOOK, keep="webhook"),
    Turn("updateWebhook", "office", {"name": "试验"}, on="webhook"),
    Turn("sendWebhookTest", "office", on="webhook"),
    Look("delivery", "office", "webhooks/{webhook[id]}/deliveries", {}),
    Turn("replayWebhookDelivery", "office", on="webhook", path={"delivery_id": "{delivery[id]}"}),
    Turn("replayWebhook", "office", {"since": "2020-01-01T00:00:00Z"}, on="webhook"),
    Turn("pauseWebhook", "office", on="webhook"),
    Turn("resumeWebhook", "office", on="webhook"),
    Turn("rotateWebhookSecret", "office", {"overlap_hours": 1}, on="webhook"),
    Turn("deleteWebhook", "office", on="webhook"),
    Turn("replayParkedEvents", "ops", {"service": "targets"}),
    Turn("createAccessToken", "", {"grant_type": "client_credentials",
         "client_id": "{client[client_id]}", "client_secret": "{client[client_secret]}"}),
]  # fmt: skip
