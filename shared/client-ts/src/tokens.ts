import type { Credentials } from './connect.js';
import { errorOf } from './errors.js';

/** Seconds before its end at which a token is renewed: it could end while a call is under way. */
const MARGIN = 30;

interface Kept {
  token: string;
  endsAt: number;
}

/**
 * A function that gives a valid access token (RFC 6749 section 4.4), the kept one while it lasts.
 * Told that a token was refused, it fetches another. Throws `ApiError` if the client is refused.
 */
export function tokenSource(
  base: string,
  credentials: Credentials,
  send: typeof fetch,
): (refused?: string) => Promise<string> {
  let kept: Promise<Kept> | undefined;
  return async (refused) => {
    const before = kept;
    const known = await before;
    const ended = known === undefined || known.token === refused || Date.now() >= known.endsAt;
    // Whoever waited for the same ended token finds that the first one has asked already.
    if (ended && kept === before) {
      kept = request(base, credentials, send);
      kept.catch(() => (kept = undefined));
    }
    return (await kept!).token;
  };
}

async function request(base: string, credentials: Credentials, send: typeof fetch): Promise<Kept> {
  const response = await send(`${base}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: credentials.clientId,
      client_secret: credentials.clientSecret,
    }),
  });
  const body = await response.json().catch(() => undefined);
  if (!response.ok) throw errorOf(body, response.status);
  const lifetime: number = body.expires_in ?? 300;
  const endsAt = Date.now() + Math.max(lifetime - MARGIN, lifetime / 2) * 1000;
  return { token: body.access_token, endsAt };
}
