import { argon2id } from 'hash-wasm';
import { hashOptions } from '../../../src/keys/argon2-parameters.ts';
import { generateKey } from '../../../src/keys/format.ts';
import type { KeyKind } from '../../../src/model.ts';

/** Somebody with a key of each kind. */
export interface Person {
  id: string;
  keys: Record<KeyKind, string>;
}

export type Query = (
  sql: string,
  params?: (string | null)[],
) => Promise<Record<string, string | null>[]>;

/** A Worker takes the cost from the hash. */
const CHEAP = { memorySize: 8, iterations: 1 };
const LIMITS = { requests_per_hour: '1000000', bytes_per_hour: '10000000000' };

/** @param columns of the keys, over limits that nobody reaches. */
export async function createPerson(
  query: Query,
  columns: Record<string, string> = {},
): Promise<Person> {
  const [row] = await query(
    `insert into users (email, time_zone) values ($1, 'Europe/Vienna') returning id`,
    [`${crypto.randomUUID()}@example.org`],
  );
  const id = String(row?.id);
  const key = (kind: KeyKind) => createKey(query, id, kind, { ...LIMITS, ...columns });
  return {
    id,
    keys: { ing: await key('ing'), read: await key('read'), admin: await key('admin') },
  };
}

async function createKey(
  query: Query,
  userId: string,
  kind: KeyKind,
  columns: Record<string, string>,
): Promise<string> {
  const { key, lookup } = generateKey(kind);
  const secret_hash = await argon2id({ ...hashOptions(key), ...CHEAP });
  const all = { user_id: userId, kind, lookup, secret_hash, ...columns };
  await query('insert into api_keys select * from jsonb_populate_record(null::api_keys, $1)', [
    JSON.stringify({ id: crypto.randomUUID(), created_at: new Date(), ...all }),
  ]);
  return key;
}
