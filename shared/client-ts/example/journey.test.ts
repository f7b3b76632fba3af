/** A real journey against a running system: KECHUANG_URL, and KECHUANG_CLIENTS, its clients.json. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { env } from 'node:process';
import { test } from 'node:test';
import {
  acknowledgeSupervisionItem,
  ApiError,
  connect,
  createSupervisionItem,
  etagOf,
  getIndicator,
  getSupervisionItem,
  ifMatch,
  items,
  listIndicators,
  once,
  type SupervisionItemCreate,
} from 'kechuang-client';
import { openItems, rectify, rectifyCurrent } from './rectify.ts';

const url = env['KECHUANG_URL'] ?? 'http://127.0.0.1:8000';
const clients = JSON.parse(readFileSync(env['KECHUANG_CLIENTS'] ?? '.local/clients.json', 'utf8'));

function as(role: string) {
  const { client_id: clientId, client_secret: clientSecret } = clients[role];
  return connect({ url, auth: { clientId, clientSecret }, language: 'en' });
}

const office = as('office');
const unit = as('unit_reporter');
const order: SupervisionItemCreate = {
  title: '类型化客户端的旅程',
  description: '请在一周内说明情况。',
  responsible_unit: 'st-bureau',
  due_workdays: 5,
  holds_payments: false,
};

/** The refusal of a call. */
async function refusal(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(() => undefined, (reason: unknown) => reason);
  assert.ok(error instanceof ApiError, `refused with a problem: ${error}`);
  return error;
}

test('a list is walked page by page, every row once', async () => {
  const codes: string[] = [];
  for await (const row of items(listIndicators, { client: office, query: { limit: 10 } }))
    codes.push(row.code);
  assert.ok(codes.length > 10, 'more than one page');
  assert.equal(new Set(codes).size, codes.length);
});

test('a read has its version as ETag', async () => {
  const answer = await getIndicator({ client: office, path: { code: 'high-tech-value-added' } });
  assert.equal(answer.data.unit, '亿元');
  assert.equal(etagOf(answer), ifMatch(answer.data)['If-Match']);
});

test('the same key creates one item', async () => {
  const headers = once();
  const first = await createSupervisionItem({ client: office, body: order, headers });
  const again = await createSupervisionItem({ client: office, body: order, headers });
  assert.equal(first.response.status, 201);
  assert.deepEqual(again.data, first.data);
  assert.equal(again.response.headers.get('idempotency-replayed'), 'true');
  const other = { ...order, title: '另一件事' };
  const error = await refusal(createSupervisionItem({ client: office, body: other, headers }));
  assert.deepEqual([error.status, error.code], [422, 'idempotency_key_reused']);
});

test('a wrong body is told field by field', async () => {
  const wrong = { ...order, responsible_unit: 'Not A Code' };
  const error = await refusal(createSupervisionItem({ client: office, body: wrong, headers: once() }));
  assert.deepEqual([error.status, error.code], [422, 'validation_failed']);
  assert.deepEqual(error.fields.map((field) => field.pointer), ['/responsible_unit']);
});

test('a unit walks its item through, and an old version is refused', async () => {
  const { data: item } = await createSupervisionItem({ client: office, body: order, headers: once() });
  assert.ok((await openItems(unit)).some((row) => row.id === item.id));
  const path = { item_id: item.id };
  await acknowledgeSupervisionItem({ client: unit, path, headers: { ...once(), ...ifMatch(item) } });
  const stale = await refusal(rectify(unit, item, '已整改'));
  assert.deepEqual([stale.status, stale.code], [412, 'stale_version']);
  const twice = await refusal(rectifyCurrent(unit, item, '已整改'));
  assert.deepEqual([twice.status, twice.code], [409, 'invalid_transition']);
});

test('rectified, it is read back as submitted', async () => {
  const { data: item } = await createSupervisionItem({ client: office, body: order, headers: once() });
  const done = await rectifyCurrent(unit, item, '已整改，附佐证材料。');
  const { data: read } = await getSupervisionItem({ client: office, path: { item_id: item.id } });
  assert.deepEqual([read.status, read.version], ['submitted', done.version]);
});

test('many calls at once ask for one token', async () => {
  let asked = 0;
  const counting: typeof fetch = (input, init) => {
    if (String(input).endsWith('/oauth/token')) asked += 1;
    return fetch(input, init);
  };
  const { client_id: clientId, client_secret: clientSecret } = clients['leader'];
  const leader = connect({ url, auth: { clientId, clientSecret }, fetch: counting });
  await Promise.all(Array.from({ length: 5 }, () => listIndicators({ client: leader })));
  assert.equal(asked, 1);
});

test('a wrong secret is an ApiError too', async () => {
  const stranger = connect({ url, auth: { clientId: 'demo-office', clientSecret: 'wrong' } });
  assert.equal((await refusal(listIndicators({ client: stranger }))).code, 'invalid_client');
});

test('a token that somebody else keeps is used as it is', async () => {
  const nobody = connect({ url, auth: () => 'not-a-token', language: 'en' });
  const error = await refusal(listIndicators({ client: nobody }));
  assert.deepEqual([error.status, error.code], [401, 'unauthenticated']);
});
