import { issueKeyIn, PLAIN_KEY } from '../../../local/commands/issue-key.ts';
import { LOCAL_PEPPER } from '../../../local/stack/stack.ts';
import type { KeyKind } from '../../../src/model.ts';

/** Keys of people that tests make. */

/** A Worker takes the cost from the hash. Keys of full cost are those that the API makes: keys.test.ts. */
const cost = { memorySize: 8, iterations: 1 };

export interface KeyOptions {
  /** Over those of a key without limits of its own, as Postgres writes them. */
  columns?: Record<string, string>;
  /** `checksummed`: as keys were made before there were tags. */
  form?: 'tagged' | 'checksummed';
}

export async function newKeyIn(
  query: (sql: string, params: (string | null)[]) => Promise<unknown>,
  whose: { userId: string; kind: KeyKind },
  { columns = {}, form = 'tagged' }: KeyOptions = {},
): Promise<string> {
  const pepper = form === 'tagged' ? LOCAL_PEPPER : null;
  const { key, record } = await issueKeyIn(query, { ...PLAIN_KEY, ...whose }, { pepper, cost });
  await query(
    `update api_keys as key set
       (requests_per_hour, bytes_per_hour, created_at, expires_at, revoked_at) = (
         select requests_per_hour, bytes_per_hour, created_at, expires_at, revoked_at
         from jsonb_populate_record(key, $2::jsonb)
       )
     where id = $1::uuid`,
    [record.id, JSON.stringify(columns)],
  );
  return key;
}
