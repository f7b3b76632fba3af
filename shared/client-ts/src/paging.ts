interface Page<Item> {
  items: Array<Item>;
  next_cursor?: string | null;
}

type Lists<Options, Item> = (options: Options) => Promise<{ data: Page<Item> }>;

/** Every object of a list, page after page: `for await (const row of items(listUnits, { client }))`. */
export async function* items<Options extends { query?: object }, Item>(
  list: Lists<Options, Item>,
  options: Options,
): AsyncGenerator<Item, void, undefined> {
  let cursor: string | null | undefined;
  do {
    const query = { limit: 200, ...options.query, ...(cursor ? { cursor } : {}) };
    const { data } = await list({ ...options, query });
    yield* data.items;
    cursor = data.next_cursor;
  } while (cursor);
}
