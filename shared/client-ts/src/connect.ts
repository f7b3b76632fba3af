import { errorOf } from './errors.js';
import { type Client, createClient } from './generated/client/index.js';
import { tokenSource } from './tokens.js';

export type Language = 'zh' | 'en';

/** An OAuth 2.0 client of the gateway. Its secret belongs on a server, never in a browser. */
export interface Credentials {
  clientId: string;
  clientSecret: string;
}

export interface Connection {
  /** The gateway, such as `http://127.0.0.1:8000`. */
  url: string;
  /** A system's credentials, or a function that gives a person's current access token. */
  auth: Credentials | (() => string | Promise<string>);
  /** The language of problems; Chinese unless told. */
  language?: Language;
  /** Another `fetch`, for a proxy or a test. */
  fetch?: typeof fetch;
}

const TRIES = 3;
/** 429 and 503 say that the call was not carried out, so it may be made again. */
const NOT_CARRIED_OUT = new Set([429, 503]);

/**
 * The `client` that every operation takes. It fetches tokens and renews them, waits when it is told
 * to, and throws `ApiError` for every answer that is no success.
 */
export function connect({ url, auth, language = 'zh', fetch = globalThis.fetch }: Connection): Client {
  const base = url.replace(/\/+$/, '');
  const token = typeof auth === 'function' ? auth : tokenSource(base, auth, fetch);
  const client = createClient({
    baseUrl: base,
    fetch: patient(fetch, token),
    headers: { 'Accept-Language': language },
    throwOnError: true,
  });
  client.interceptors.error.use((error, response) =>
    response === undefined ? error : errorOf(error, response.status),
  );
  return client;
}

type Token = (refused?: string) => string | Promise<string>;

/** A `fetch` that puts the token on each request; a refused one is renewed and tried once more. */
function patient(send: typeof fetch, token: Token): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    let bearer = await token();
    for (let tries = TRIES; ; tries -= 1) {
      const copy = request.clone();
      copy.headers.set('Authorization', `Bearer ${bearer}`);
      const response = await send(copy);
      if (tries === 1) return response;
      if (response.status === 401) {
        const fresh = await token(bearer);
        if (fresh === bearer) return response;
        bearer = fresh;
      } else if (NOT_CARRIED_OUT.has(response.status)) {
        await pause(response);
      } else {
        return response;
      }
      await response.body?.cancel();
    }
  };
}

/** Wait as long as `Retry-After` says, a second if it does not say. */
async function pause(response: Response): Promise<void> {
  const seconds = Number(response.headers.get('retry-after') ?? 1);
  await new Promise((resolve) => setTimeout(resolve, Math.min(seconds || 1, 30) * 1000));
}
