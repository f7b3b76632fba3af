"""The gateway's settings besides those every service has."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from servicekit.settings import Settings

from gateway.logins.schemas import Provider


class GatewaySettings(Settings):
    service: str = "gateway"

    drain_seconds: float = 0.5

    upstreams: dict[str, str] = Field(default_factory=dict)
    """Service → address, such as `{"targets": "http://127.0.0.1:8101"}`; several of equal rank are
    separated by spaces."""

    upstream_concurrency: Annotated[int, Field(ge=1)] = 200
    """Calls that may wait for one service; a service that hangs cannot take more of the gateway."""

    signing_key_file: Path | None = None
    """The keys that sign access tokens: PEM or JWK set; see `tokens.keys`."""
    signing_key: str = ""
    """The same as text, for sites that hand secrets over in the environment."""
    token_lifetime: Annotated[int, Field(ge=60, le=900)] = 300
    """Seconds an access token is valid; a client that was disabled is out after this long."""
    public_url: str = ""
    """How callers reach the gateway, for the addresses in its metadata; else as they called it."""

    identity_providers: tuple[Provider, ...] = ()
    """Where people log in: a JSON list of `gateway.logins.schemas.Provider`."""

    trusted_proxies: str = ""
    """Addresses or CIDRs, with commas: of a request that comes from there, the caller's address is
    what the proxy says. Empty: nobody's word is taken."""
    trusted_proxy_header: Literal["x-forwarded-for", "forwarded"] = "x-forwarded-for"
    """The one header these proxies write; the other one is whatever a caller made up."""

    rate_limit: str = "200/second"
    """Requests per caller."""
    login_limit: str = "10/minute"
    """Failed logins per client and address."""
    forgery_limit: str = "60/minute"
    """Refused tokens and failed logins per address."""
    rate_limit_storage: str = "async+memory://"
    """In this process; `async+redis://…` where several gateways share."""

    policy_refresh_seconds: Annotated[float, Field(gt=0)] = 5.0
    """Between two looks at which clients are disabled, limited or bound to networks."""

    openapi_snapshots: Path | None = None
    """A directory with `<service>/openapi.json`; without it the services are asked."""

    event_log_days: Annotated[int, Field(ge=7)] = 30
    """Days an event can be read and replayed; longer than a delivery is tried."""
    streams_per_client: Annotated[int, Field(ge=1)] = 20
    """Live streams one client may have open at one gateway process."""

    webhook_allowlist: str = ""
    """Where webhooks may lead: host names, `*.suffixes`, CIDRs, with commas; empty: nowhere."""
    webhook_key_file: Path | None = None
    """The keys that encrypt webhook secrets: 32 bytes in URL-safe base64 each; the first encrypts,
    all decrypt."""
    webhook_key: str = ""
    """The same as text."""
    webhook_give_up_days: Annotated[int, Field(ge=1)] = 5
    """Days a webhook may fail without a success before it is disabled."""
