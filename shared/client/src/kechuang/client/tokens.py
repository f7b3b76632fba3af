"""Access tokens by client credentials (RFC 6749 section 4.4), fetched again before they end."""

import time
from collections.abc import Generator

import httpx

from kechuang.client.credentials import Credentials
from kechuang.client.errors import ApiError

# A token this close to its end (seconds) could end while the request is under way.
_MARGIN = 30.0


class ClientCredentialsAuth(httpx.Auth):
    """Puts a bearer token on each request and fetches a new one when it ends or is refused."""

    requires_response_body = True

    def __init__(self, token_url: httpx.URL, credentials: Credentials) -> None:
        self._token_url = token_url
        self._credentials = credentials
        self._token = ""
        self._ends_at = 0.0

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if time.monotonic() >= self._ends_at:
            # A refusal ends the flow: the caller gets the token endpoint's own answer.
            if not self._keep((yield self._token_request())):
                return
            fetched = True
        else:
            fetched = False
        response = yield self._authorised(request)
        # A refused token had no effect, so asking once more is safe for every method: keys may
        # have been rotated, or the client changed, since the token was made.
        if response.status_code == 401 and not fetched:
            if not self._keep((yield self._token_request())):
                return
            yield self._authorised(request)

    def _authorised(self, request: httpx.Request) -> httpx.Request:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def _token_request(self) -> httpx.Request:
        # In the body rather than by HTTP Basic, whose form-encoding servers disagree about.
        form = {
            "grant_type": "client_credentials",
            "client_id": self._credentials.client_id,
            "client_secret": self._credentials.client_secret,
        }
        return httpx.Request(
            "POST", self._token_url, data=form, headers={"Accept": "application/json"}
        )

    def _keep(self, response: httpx.Response) -> bool:
        """Remember the token of an answer; False if the answer is a refusal."""
        if response.status_code != httpx.codes.OK:
            self._ends_at = 0.0
            return False
        try:
            body = response.json()
            self._token = str(body["access_token"])
            lifetime = float(body.get("expires_in", 300))
        except (ValueError, KeyError, TypeError) as error:
            title = "the token endpoint answered without a token"
            raise ApiError(response.status_code, "no_access_token", title) from error
        self._ends_at = time.monotonic() + max(lifetime - _MARGIN, lifetime / 2)
        return True
