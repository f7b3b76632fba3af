/** A unit's own list of supervision items, and the steps it takes on them. */
import {
  acknowledgeSupervisionItem,
  ApiError,
  getSupervisionItem,
  ifMatch,
  items,
  listSupervisionItems,
  once,
  startSupervisionItem,
  submitSupervisionItem,
  type connect,
  type SupervisionItemRead,
} from 'kechuang-client';

type Client = ReturnType<typeof connect>;

/** What is still open for the unit, soonest deadline first. */
export async function openItems(client: Client): Promise<SupervisionItemRead[]> {
  const found: SupervisionItemRead[] = [];
  for await (const item of items(listSupervisionItems, { client, query: { open: true, sort: 'due_on' } }))
    found.push(item);
  return found;
}

/** Acknowledge, start and submit. Throws `ApiError` with `stale_version` if somebody was faster. */
export async function rectify(client: Client, item: SupervisionItemRead, what: string) {
  const path = { item_id: item.id };
  const at = (row: SupervisionItemRead) => ({ ...once(), ...ifMatch(row) });
  const seen = await acknowledgeSupervisionItem({ client, path, headers: at(item) });
  const begun = await startSupervisionItem({ client, path, headers: at(seen.data) });
  const body = { rectification: what };
  const done = await submitSupervisionItem({ client, path, body, headers: at(begun.data) });
  return done.data;
}

/** The same, on the row as it is now when the one at hand turns out to be old. */
export async function rectifyCurrent(client: Client, item: SupervisionItemRead, what: string) {
  try {
    return await rectify(client, item, what);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'stale_version') throw error;
    const { data } = await getSupervisionItem({ client, path: { item_id: item.id } });
    return await rectify(client, data, what);
  }
}
