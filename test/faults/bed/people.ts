import type { KeyKind } from '../../../src/model.ts';
import { newKeyIn } from '../../integration/support/keys.ts';

/** Somebody with a key of each kind. */
export interface Person {
  id: string;
  keys: Record<KeyKind, string>;
}

export type Query = (
  sql: string,
  params?: (string | null)[],
) => Promise<Record<string, string | null>[]>;

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
  const key = (kind: KeyKind) =>
    newKeyIn(query, { userId: id, kind }, { columns: { ...LIMITS, ...columns } });
  return {
    id,
    keys: { ing: await key('ing'), read: await key('read'), admin: await key('admin') },
  };
}
