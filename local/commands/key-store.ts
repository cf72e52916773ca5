import pg from 'pg';
import { INSTALLATION, type KeyKind } from '../../src/model.ts';
import { auditOfNewKey } from '../../src/store/keys.ts';
import { allPages, dataOf, openApi } from './api.ts';
import { checkDatabase } from './checks.ts';
import { Complaint } from './fail.ts';
import { issueKeyIn } from './issue-key.ts';
import type { KeyCache } from './key-cache.ts';
import type { Session } from './session.ts';

/** Keys of an installation: through its database, or through the API of one that runs on this machine. */

export interface KeyWish {
  kind: KeyKind;
  person: string;
  name: string | null;
  /** Of a person who is new; `null` for UTC. */
  timeZone: string | null;
  expiresInDays: number | null;
  requestsPerHour: number | null;
  bytesPerHour: number | null;
}

export interface ListedKey {
  id: string;
  kind: string;
  /** `null`: the installation. */
  person: string | null;
  name: string | null;
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
}

export interface KeyStore {
  /** @returns the key itself, shown this once. */
  create(wish: KeyWish): Promise<string>;
  list(): Promise<ListedKey[]>;
  /** @returns what else to know about it. @throws Complaint if there is no such key. */
  revoke(id: string): Promise<string>;
  close(): Promise<void>;
}

/**
 * @param pepper of its Workers; `null` if it is not known here: new keys then carry no tag
 * @param cache where they remember keys; `null` if it is not known here: what is revoked is then not forgotten there
 * @throws Complaint if it cannot be reached, or was never migrated.
 */
export async function openKeyDatabase(
  url: string,
  { pepper, cache }: { pepper: string | null; cache: KeyCache | null },
): Promise<KeyStore> {
  await checkDatabase(url);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(`select to_regclass('api_keys') is not null as migrated`);
  if (!rows[0]?.migrated) {
    await client.end();
    throw new Complaint('The database of DATABASE_URL has no tables yet. Run `npm run migrate`.');
  }
  return {
    create: (wish) => createInDatabase(client, pepper, wish),
    list: async () => {
      const { rows } = await client.query<ListedKey>(
        `select api_keys.id, kind, case when user_id <> $1::uuid then email end as person, name,
           api_keys.created_at::text, expires_at::text, revoked_at::text
         from api_keys join users on users.id = user_id order by api_keys.created_at desc`,
        [INSTALLATION],
      );
      return rows;
    },
    revoke: (id) => revokeInDatabase(client, cache, id),
    close: () => client.end(),
  };
}

async function revokeInDatabase(
  client: pg.Client,
  cache: KeyCache | null,
  id: string,
): Promise<string> {
  await client.query(`select ensure_partitions('audit_log', array[now()])`);
  const { rows } = await client.query<{ lookup: string }>(
    `with revoked as (
       update api_keys set revoked_at = coalesce(revoked_at, now())
       where id::text = $1
       returning id, user_id, lookup
     ), audited as (
       insert into audit_log (at, action, person_id, object, correlation_id)
       select now(), 'key_revoked', user_id, id, 'npm run keys' from revoked
     )
     select lookup from revoked`,
    [id],
  );
  const lookup = rows[0]?.lookup;
  if (lookup === undefined) throw new Complaint(`There is no key ${id}.`);
  if (cache === null) return NOT_FORGOTTEN;
  try {
    await cache.forget(lookup);
  } catch {
    throw new Complaint(`${id} is revoked in the database, but Redis could not be told. Run this again.
${NOT_FORGOTTEN}`);
  }
  return 'Within a minute it opens nothing anywhere.';
}

const NOT_FORGOTTEN = `Where it was used before it may be taken for up to a day, and for 30 days while the database is away: Redis was not told.
Run this with UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN (or REDIS_URL) of your Workers, or call DELETE /api/v1/keys/{id}.`;

/** What is done here is on record, too, as done by nobody's key. */
const HERE = { keyId: null, userId: null, correlationId: 'npm run keys' };
const DAY_MS = 86_400_000;

async function createInDatabase(
  client: pg.Client,
  pepper: string | null,
  wish: KeyWish,
): Promise<string> {
  const run = (text: string, params: unknown[]) => client.query(text, params);
  const { rows } = await run(
    `insert into users (email, time_zone) values (lower(btrim($1)), $2)
     on conflict (email) do update set email = excluded.email
     returning id`,
    [wish.person, wish.timeZone ?? 'UTC'],
  );
  const { kind, name, requestsPerHour, bytesPerHour, expiresInDays } = wish;
  const { key, record } = await issueKeyIn(
    run,
    {
      userId: rows[0]?.id,
      kind,
      name,
      requestsPerHour,
      bytesPerHour,
      expiresAt: expiresInDays === null ? null : Date.now() + expiresInDays * DAY_MS,
    },
    { pepper },
  );
  for (const { text, params } of auditOfNewKey(HERE, record)) await run(text, [...params]);
  return key;
}

/** The embedded database belongs to `npm start` while it runs, so its API is asked. */
export function openKeyApi({ url, adminKey }: Session): KeyStore {
  const api = openApi(url, adminKey);
  return {
    create: async (wish) => {
      const body = {
        kind: wish.kind,
        person: wish.person,
        time_zone: wish.timeZone,
        name: wish.name,
        expires_in_days: wish.expiresInDays,
        requests_per_hour: wish.requestsPerHour,
        bytes_per_hour: wish.bytesPerHour,
      };
      return (await dataOf(api.POST('/api/v1/keys', { body }))).key;
    },
    list: () => allPages((query) => api.GET('/api/v1/keys', { params: { query } })),
    revoke: async (id) => {
      await dataOf(api.DELETE('/api/v1/keys/{id}', { params: { path: { id } } }));
      return 'It opens nothing any more.';
    },
    close: async () => {},
  };
}
