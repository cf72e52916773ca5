import type { Context } from 'hono';
import { v7 as uuidv7, version } from 'uuid';
import { z } from 'zod';
import { isConfirmed, makeConfirmation } from '../erase/confirmation.ts';
import { countAside, MAX_OBJECTS_COUNTED, type ObjectCounts } from '../erase/objects.ts';
import { tryErasure } from '../erase/run.ts';
import { authenticateAnew, verifierOf } from '../http/auth.ts';
import type { AppEnv } from '../http/context.ts';
import { success } from '../http/envelope.ts';
import { limitGuesses } from '../http/open.ts';
import { operation } from '../http/operation.ts';
import { HttpProblem } from '../http/problem.ts';
import { audit } from '../store/audit.ts';
import {
  beginErasure,
  countBodies,
  countRows,
  MOST_COUNTED,
  selectErasure,
  selectErasureOf,
  selectOpenErasure,
  toErasure,
  toOpenErasure,
} from '../store/erasures.ts';
import { isOfNobody } from '../store/require-person.ts';
import { actorOf } from './actor.ts';
import { refusing } from './refusals.ts';
import { isFromFuture } from './upload-id.ts';
import { wake } from './wake.ts';

/** Everything of a person, erased: first one is told what would go, then one does it. */

const counts = z.record(z.string(), z.int());
const kept = z
  .array(z.object({ what: z.string(), kept_for: z.string() }))
  .describe('What an erasure leaves, none of it a health value or a name, and for how long.');

/** What no erasure reaches: records that outlive the person, and what the platform keeps by itself. */
const KEPT: z.infer<typeof kept> = [
  {
    what: 'The receipt of the erasure: counts and times; the id of the person for two days.',
    kept_for: 'for ever',
  },
  {
    what: 'The audit log: who did what and when, by ids that refer to nothing any more.',
    kept_for: 'as long as the operator keeps its partitions',
  },
  {
    what: 'Analytics Engine: a point a request, with a keyed hash of the id of the person.',
    kept_for: '3 months',
  },
  { what: 'Workers Logs: a line a request, with the id of the person.', kept_for: '7 days' },
  {
    what: 'Marks in Redis that keys are revoked, by the half of a key that opens nothing.',
    kept_for: '30 days',
  },
  {
    what: 'The history of the database at Neon: rows as they were, for a restore to a point in time.',
    kept_for: 'as long as the project is set to, up to 30 days',
  },
  {
    what: 'A login of the database that read the rows of the person: it sees nothing any more.',
    kept_for: 'until the operator drops it',
  },
  {
    what: 'Objects of the archive under a bucket lock, if the operator has set one: R2 deletes the others at once.',
    kept_for: 'as long as the lock',
  },
];
const receipt = z.object({
  id: z.uuid().describe('Whoever knows it may read this receipt: the keys are gone.'),
  status: z.enum(['running', 'done']),
  began_at: z.iso.datetime(),
  finished_at: z.iso.datetime().nullable(),
  erased: counts.describe('Rows, table by table.'),
  objects: counts.describe('Objects of the archive, by prefix.'),
  cache_entries: z.int(),
  remaining: counts.nullable().describe('What a last look found: nothing, hence {}.'),
  kept,
});
const question = z.object({
  confirm: z.string().describe('Send it back within ten minutes, with the same key.'),
  expires_at: z.iso.datetime(),
  will_erase: z.object({ rows: counts, objects: counts }),
  kept,
});

/** Accounts that are smaller are erased while the caller waits. */
const SMALL_ROWS = 50_000;
const SMALL_OBJECTS = 2_000;

const eraseMe = operation({
  method: 'DELETE',
  path: '/api/v1/me',
  summary:
    'Erases the person of the key, in two calls: the first says what would go and gives `confirm`, the second does it.',
  scope: 'erase',
  quota: 'reads',
  headers: ['X-Confirm'],
  isExpensive: true,
  json: z.object({ confirm: z.string().max(200).nullish() }),
  answer: z.union([question, receipt]),
  statuses: [200, 202],
  problems: ['confirmation_invalid', 'storage_unavailable'],
  handler: (c, { json }) =>
    refusing(async () => {
      const token = json.confirm ?? c.req.header('x-confirm') ?? null;
      return token === null ? ask(c) : erase(c, token);
    }),
});

interface Extent {
  rows: Record<string, number>;
  objects: ObjectCounts;
}

async function extentOf(c: Context<AppEnv>): Promise<Extent> {
  const { userId } = c.get('identity');
  const database = c.get('database');
  const [[counted], [named], aside] = await Promise.all([
    database.query(countRows(userId)),
    database.query(countBodies(userId, MAX_OBJECTS_COUNTED)),
    countAside(c.env.RAW, userId),
  ]);
  const bodies = Number(named?.bodies);
  return {
    rows: (counted?.counts ?? {}) as Record<string, number>,
    objects: bodies === 0 ? aside : { ...aside, raw: Math.max(aside.raw ?? 0, bodies) },
  };
}

async function ask(c: Context<AppEnv>): Promise<Response> {
  const { KEY_PEPPER } = c.get('settings');
  const { keyId } = c.get('identity');
  const { token, expiresAt } = await makeConfirmation(KEY_PEPPER, keyId, Date.now());
  const data = {
    confirm: token,
    expires_at: new Date(expiresAt).toISOString(),
    will_erase: await extentOf(c),
    kept: KEPT,
  };
  return success(c, data, {
    status: 202,
    message: `Nothing is erased yet. Send the same request with this \`confirm\`, and the same key, and all of it goes for good; so do all keys. Of each partition up to ${MOST_COUNTED} rows are counted. An export first: POST /api/v1/exports.`,
  });
}

async function erase(c: Context<AppEnv>, token: string): Promise<Response> {
  const { userId } = await requireConfirmed(c, token);
  const database = c.get('database');
  const extent = await extentOf(c);
  const id = await begin(c, userId);
  await forgetHere(c, id);
  const isSmall = sum(extent.rows) <= SMALL_ROWS && sum(extent.objects) <= SMALL_OBJECTS;
  if (isSmall) {
    await tryErasure(id, { database, bucket: c.env.RAW, redis: c.get('redis')() });
  }
  const found = await findErasure(c, id);
  const location = { Location: `/api/v1/erasures/${id}` };
  if (found.status === 'done') return success(c, found, { headers: location });
  await wake(c, { job: id });
  return success(c, found, {
    status: 202,
    message: 'Your keys open nothing any more, and everything is being erased. Keep the Location.',
    headers: location,
  });
}

/** @returns the id of the erasure: of the one that goes on already, where two ask at once */
async function begin(c: Context<AppEnv>, userId: string): Promise<string> {
  const database = c.get('database');
  const id = uuidv7();
  const deed = { action: 'erased', personId: userId, object: id } as const;
  try {
    await database.transaction([
      ...beginErasure(id, userId, c.get('correlationId')),
      ...audit(actorOf(c), deed, Date.now()),
    ]);
    return id;
  } catch (error) {
    if (!isOfNobody(error)) throw error;
    const [row] = await database.query(selectErasureOf(userId));
    if (row === undefined) throw new HttpProblem('key_invalid');
    return String(row.id);
  }
}

/** With the key itself, not from memory; and it must be the key that asked. @throws HttpProblem */
async function requireConfirmed(c: Context<AppEnv>, token: string) {
  const identity = await authenticateAnew(c);
  const { keyId } = identity;
  const pepper = c.get('settings').KEY_PEPPER;
  if (await isConfirmed(token, { pepper, keyId, now: Date.now() })) return identity;
  throw new HttpProblem('confirmation_invalid', {
    detail:
      'It holds for ten minutes and for the key that asked. Send the request without it for a new one.',
  });
}

/** What this isolate remembers; Redis and the other isolates follow with the job. */
async function forgetHere(c: Context<AppEnv>, id: string): Promise<void> {
  const [row] = await c.get('database').query(selectOpenErasure(id));
  if (row === undefined) return;
  const verifier = verifierOf(c);
  await Promise.allSettled(toOpenErasure(row).keys.map(({ lookup }) => verifier.forget(lookup)));
}

const sum = (all: Readonly<Record<string, number>>): number =>
  Object.values(all).reduce((total, each) => total + each, 0);

async function findErasure(c: Context<AppEnv>, id: string) {
  const [row] = await c.get('database').query(selectErasure(id));
  if (row === undefined) throw noSuchErasure();
  return { ...toErasure(row), kept: KEPT };
}

const noSuchErasure = () => new HttpProblem('not_found', { detail: 'There is no such erasure.' });

/** Ids tell when they were made; those of earlier releases do not. */
const TIMED_VERSION = 7;

const getErasure = operation({
  method: 'GET',
  path: '/api/v1/erasures/:id',
  summary: 'The receipt of an erasure: counts, and nothing of the person. Its id is its key.',
  scope: null,
  quota: 'none',
  params: z.object({ id: z.uuid() }),
  answer: receipt,
  problems: ['not_found'],
  handler: async (c, { params: { id } }) => {
    await limitGuesses(c, 'erasures');
    if (version(id) === TIMED_VERSION && isFromFuture(id)) throw noSuchErasure();
    return success(c, await findErasure(c, id));
  },
});

export const erasureRoutes = [eraseMe, getErasure];
