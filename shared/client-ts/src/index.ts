/** The Kechuang API, typed: every operation is a function, every body and answer has its type. */
export * from './generated/index.js';
export { connect, type Connection, type Credentials, type Language } from './connect.js';
export { ApiError } from './errors.js';
export { etagOf, ifMatch, once } from './headers.js';
export { items } from './paging.js';
