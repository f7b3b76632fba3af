import type { Problem } from './generated/index.js';

/** What the API refused and why (RFC 9457). Decide by `code`, which is stable; show `message`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    /** The HTTP status. */
    readonly status: number,
    /** Stable, such as `stale_version` or `validation_failed`. */
    readonly code: string,
    message: string,
    /** The whole answer, if it was a problem document. */
    readonly problem?: Problem,
  ) {
    super(message);
  }

  /** The wrong places of the input; empty if it was not about the input. */
  get fields(): NonNullable<Problem['errors']> {
    return this.problem?.errors ?? [];
  }
}

/** The error of an answer; one that is no problem document gets the code `http_<status>`. */
export function errorOf(body: unknown, status: number): ApiError {
  if (isProblem(body)) return new ApiError(status, body.code, body.detail, body);
  if (isRefusedToken(body)) return new ApiError(status, body.error, body.error_description ?? body.error);
  return new ApiError(status, `http_${status}`, `the answer was ${status}`);
}

function isProblem(body: unknown): body is Problem {
  return isObject(body) && typeof body['code'] === 'string' && typeof body['detail'] === 'string';
}

/** RFC 6749 section 5.2. */
function isRefusedToken(body: unknown): body is { error: string; error_description?: string } {
  return isObject(body) && typeof body['error'] === 'string';
}

function isObject(body: unknown): body is Record<string, unknown> {
  return typeof body === 'object' && body !== null;
}
