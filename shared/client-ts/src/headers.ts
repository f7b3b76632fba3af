/** `headers: once()`: the same key and request have one effect, however often it is sent. */
export function once(key: string = crypto.randomUUID()): { 'Idempotency-Key': string } {
  return { 'Idempotency-Key': key };
}

/** `headers: ifMatch(row)`: change it only if nobody has changed it since it was read. */
export function ifMatch(row: { version: number } | string): { 'If-Match': string } {
  return { 'If-Match': typeof row === 'string' ? row : `"${row.version}"` };
}

/** The ETag of an answer. Throws if it has none. */
export function etagOf(answer: { response: Response }): string {
  const etag = answer.response.headers.get('etag');
  if (etag === null) throw new TypeError(`${answer.response.url} has no ETag`);
  return etag;
}
