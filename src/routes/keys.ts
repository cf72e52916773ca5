import { z } from 'zod';
import { verifierOf } from '../http/auth.ts';
import { success } from '../http/envelope.ts';
import { numberedQuery, pageByNumber } from '../http/numbered-page.ts';
import { operation } from '../http/operation.ts';
import { HttpProblem } from '../http/problem.ts';
import { hashKey } from '../keys/argon2.ts';
import { issueKey } from '../keys/create.ts';
import { INSTALLATION } from '../model.ts';
import { personAddress } from '../person-address.ts';
import {
  createKey,
  findOrCreatePerson,
  findPerson,
  type KeyRecord,
  listKeys,
  revokeKey,
} from '../store/keys.ts';
import { actorOf } from './actor.ts';
import { keyAnswer, newKeyAnswer, revokedAnswer } from './answers/key.ts';
import { requirePerson } from './person.ts';
import { timeZone } from './time-zone.ts';

const instant = (at: number | null): string | null =>
  at === null ? null : new Date(at).toISOString();

const onTheWire = (key: KeyRecord & { person: string | null }) => ({
  id: key.id,
  kind: key.kind,
  name: key.name,
  person_id: key.userId,
  person: key.userId === INSTALLATION ? null : key.person,
  requests_per_hour: key.requestsPerHour,
  bytes_per_hour: key.bytesPerHour,
  created_at: instant(key.createdAt),
  expires_at: instant(key.expiresAt),
  revoked_at: instant(key.revokedAt),
});

const DAY_MS = 86_400_000;

const createOne = operation({
  method: 'POST',
  path: '/api/v1/keys',
  summary: 'Makes a key, which is shown this once.',
  scope: 'admin',
  quota: 'reads',
  json: z.object({
    kind: z.enum(['ing', 'read', 'admin']).meta({ examples: ['read'] }),
    name: z
      .string()
      .trim()
      .min(1)
      .max(100)
      .regex(/^\P{Cc}*$/u, 'No control characters')
      .nullish()
      .describe('To tell keys apart.')
      .meta({ examples: ['board'] }),
    person: personAddress
      .nullish()
      .describe('E-mail of the person it acts for; without it, whoever the admin key belongs to.'),
    time_zone: timeZone.nullish().describe('Of a person who is new; else UTC.'),
    expires_in_days: z.number().int().positive().max(3650).nullish().describe('Else never.'),
    requests_per_hour: z.number().int().positive().max(2_147_483_647).nullish(),
    bytes_per_hour: z.number().int().positive().nullish(),
  }),
  answer: newKeyAnswer,
  statuses: [201],
  problems: ['cache_unavailable'],
  handler: async (c, { json }) => {
    const settings = c.get('settings');
    await requireCache(() => c.get('redis')().ping(), 'No key was made. Try again.');
    const database = c.get('database');
    const person = json.person
      ? await findOrCreatePerson(database, json.person, json.time_zone ?? undefined)
      : await findPerson(database, c.get('identity').userId);
    if (json.kind !== 'admin') requirePerson(person.id);
    const days = json.expires_in_days ?? null;
    const { key, record } = await issueKey(
      {
        pepper: settings.KEY_PEPPER,
        hash: hashKey,
        save: (wish) => createKey(database, wish, actorOf(c)),
      },
      {
        userId: person.id,
        kind: json.kind,
        name: json.name ?? null,
        requestsPerHour: json.requests_per_hour ?? null,
        bytesPerHour: json.bytes_per_hour ?? null,
        expiresAt: days === null ? null : Date.now() + days * DAY_MS,
      },
    );
    return success(
      c,
      { ...onTheWire({ ...record, person: person.email }), key },
      {
        status: 201,
        message: 'Keep the key now: only its hash is stored, and it cannot be shown again.',
      },
    );
  },
});

const listAll = operation({
  method: 'GET',
  path: '/api/v1/keys',
  summary: 'All keys, newest first, without their secrets.',
  scope: 'admin',
  quota: 'reads',
  query: z.object(numberedQuery),
  answer: z.array(keyAnswer),
  handler: async (c, { query }) => {
    const keys = await listKeys(c.get('database'), 'all');
    const { rows, pagination } = pageByNumber(keys, query);
    return success(c, rows.map(onTheWire), { pagination });
  },
});

const revokeOne = operation({
  method: 'DELETE',
  path: '/api/v1/keys/:id',
  summary: 'Revokes a key; within a minute it opens nothing anywhere.',
  scope: 'admin',
  quota: 'reads',
  params: z.object({ id: z.uuid() }),
  answer: revokedAnswer,
  problems: ['cache_unavailable'],
  handler: async (c, { params: { id } }) => {
    const lookup = await revokeKey(c.get('database'), id, actorOf(c));
    if (lookup === null) throw new HttpProblem('not_found', { detail: 'There is no such key.' });
    await requireCache(
      () => verifierOf(c).forget(lookup),
      'The key is revoked in the database, but where it is remembered it may be taken for up to a day, and for 30 days while the database is away. Try again.',
    );
    return success(c, { id, revoked: true });
  },
});

/** Keys are made and revoked only while the cache can be told: it remembers keys that it has seen. */
async function requireCache(work: () => Promise<unknown>, detail: string): Promise<void> {
  try {
    await work();
  } catch {
    throw new HttpProblem('cache_unavailable', { detail });
  }
}

export const keyRoutes = [createOne, listAll, revokeOne];
