/** The rows of people and their keys. Every function throws DatabaseUnreachable and DatabaseFault. */

import { desc, eq, getTableColumns } from 'drizzle-orm';
import { apiKeys, users } from '../../drizzle/people.ts';
import type { Database, Statement } from '../database.ts';
import type { Identity, KeyKind } from '../model.ts';
import { type Actor, audit } from './audit.ts';
import { timestamp } from './receipts.ts';

/** What it takes to check a key. */
export interface StoredKey {
  identity: Identity;
  /** argon2id of the whole key, a PHC string. Stays between the database and the check. */
  secretHash: string;
  revoked: boolean;
}

/** A key as it may be shown. Instants are Unix milliseconds. */
export interface KeyRecord {
  id: string;
  userId: string;
  kind: KeyKind;
  name: string | null;
  lookup: string;
  requestsPerHour: number | null;
  bytesPerHour: number | null;
  createdAt: number;
  expiresAt: number | null;
  revokedAt: number | null;
}

/** Beside whom it acts for. */
export interface ListedKey extends KeyRecord {
  person: string;
}

export interface NewKey extends Omit<KeyRecord, 'id' | 'createdAt' | 'revokedAt'> {
  secretHash: string;
  /** `null` for a key that carries no tag. */
  seal: string | null;
}

export interface Person {
  id: string;
  email: string;
  timeZone: string;
}

export async function findKey(database: Database, lookup: string): Promise<StoredKey | null> {
  const [row] = await database.orm((orm) =>
    orm
      .select({ key: apiKeys, timeZone: users.timeZone })
      .from(apiKeys)
      .innerJoin(users, eq(users.id, apiKeys.userId))
      .where(eq(apiKeys.lookup, lookup)),
  );
  if (!row) return null;
  const { key, timeZone } = row;
  return {
    identity: {
      keyId: key.id,
      kind: key.kind,
      userId: key.userId,
      timeZone,
      requestsPerHour: key.requestsPerHour,
      bytesPerHour: key.bytesPerHour,
      expiresAt: instant(key.expiresAt),
    },
    secretHash: key.secretHash,
    revoked: key.revokedAt !== null,
  };
}

/**
 * The row of a new key, wherever it is made.
 * @returns what may be shown of it, beside the statement. Fails if there is no such person, or (once in many
 * lifetimes) if the lookup is taken.
 */
export function insertKey(key: NewKey): { record: KeyRecord; statement: Statement } {
  const { secretHash, seal, ...shown } = key;
  const record = { ...shown, id: crypto.randomUUID(), createdAt: Date.now(), revokedAt: null };
  const statement = {
    text: `
      insert into api_keys (
        id, user_id, kind, name, lookup, secret_hash, seal, requests_per_hour, bytes_per_hour, created_at, expires_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    params: [
      record.id,
      record.userId,
      record.kind,
      record.name,
      record.lookup,
      secretHash,
      seal,
      record.requestsPerHour,
      record.bytesPerHour,
      timestamp(record.createdAt),
      record.expiresAt === null ? null : timestamp(record.expiresAt),
    ],
  };
  return { record, statement };
}

/** That a key was made is on record. */
export const auditOfNewKey = (by: Actor, { id, userId, kind, createdAt }: KeyRecord): Statement[] =>
  audit(by, { action: 'key_created', personId: userId, object: id, details: { kind } }, createdAt);

/** @throws as the statement of {@link insertKey} fails */
export async function createKey(database: Database, key: NewKey, by: Actor): Promise<KeyRecord> {
  const { record, statement } = insertKey(key);
  await database.transaction([statement, ...auditOfNewKey(by, record)]);
  return record;
}

/** Newest first, revoked and expired ones too. The hash is not even read. */
export async function listKeys(database: Database, userId: string | 'all'): Promise<ListedKey[]> {
  const rows = await database.orm((orm) =>
    orm
      .select({ ...SHOWN, person: users.email })
      .from(apiKeys)
      .innerJoin(users, eq(users.id, apiKeys.userId))
      .where(userId === 'all' ? undefined : eq(apiKeys.userId, userId))
      .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id)),
  );
  return rows.map(({ person, ...key }) => ({ ...record(key), person }));
}

/**
 * @returns the lookup, by which the key must then be forgotten everywhere, or `null` if there is no such key.
 * Revoking again keeps the first time and returns the lookup again, so that forgetting can be tried again.
 */
export async function revokeKey(database: Database, id: string, by: Actor): Promise<string | null> {
  const [key] = await database.query({
    text: 'select user_id, lookup from api_keys where id = $1::uuid',
    params: [id],
  });
  if (key === undefined) return null;
  const deed = { action: 'key_revoked', personId: String(key.user_id), object: id } as const;
  await database.transaction([
    {
      text: 'update api_keys set revoked_at = coalesce(revoked_at, now()) where id = $1::uuid',
      params: [id],
    },
    ...audit(by, deed, Date.now()),
  ]);
  return String(key.lookup);
}

export async function findPerson(database: Database, id: string): Promise<Person> {
  const [person] = await database.orm((orm) =>
    orm
      .select({ id: users.id, email: users.email, timeZone: users.timeZone })
      .from(users)
      .where(eq(users.id, id)),
  );
  if (!person) throw new Error('A key acts for nobody');
  return person;
}

/** The time zone is for a new person; one who is known keeps theirs. */
export async function findOrCreatePerson(
  database: Database,
  email: string,
  timeZone = 'UTC',
): Promise<Person> {
  const address = email.trim().toLowerCase();
  const [person] = await database.orm((orm) =>
    orm
      .insert(users)
      .values({ email: address, timeZone })
      // Changes nothing, but makes a row that exists come back.
      .onConflictDoUpdate({ target: users.email, set: { email: address } })
      .returning({ id: users.id, email: users.email, timeZone: users.timeZone }),
  );
  if (!person) throw new Error('Postgres returned no row for an upserted person');
  return person;
}

const { secretHash: _, seal: __, ...SHOWN } = getTableColumns(apiKeys);

type Shown = Omit<typeof apiKeys.$inferSelect, 'secretHash' | 'seal'>;

const record = (row: Shown): KeyRecord => ({
  ...row,
  createdAt: row.createdAt.getTime(),
  expiresAt: instant(row.expiresAt),
  revokedAt: instant(row.revokedAt),
});

const instant = (date: Date | null): number | null => date?.getTime() ?? null;
