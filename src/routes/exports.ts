import type { Context } from 'hono';
import { z } from 'zod';
import { DatabaseFault } from '../database.ts';
import { removeExport } from '../export/remove.ts';
import type { AppEnv } from '../http/context.ts';
import { success } from '../http/envelope.ts';
import { operation } from '../http/operation.ts';
import { HttpProblem } from '../http/problem.ts';
import { type ExportOnTheWire, selectExport, selectExports, toExport } from '../read/exports.ts';
import { audit } from '../store/audit.ts';
import {
  createExport,
  EXPORT_RUNNING,
  EXPORTS_FULL,
  MAX_EXPORTS_KEPT,
  requireRoom,
} from '../store/exports.ts';
import { actorOf } from './actor.ts';
import { instant } from './instant.ts';
import { refusing } from './refusals.ts';
import { wake } from './wake.ts';

/** Everything of a person as one zip: it is made in the background, and kept for a week. */

const exported = z.object({
  id: z.uuid(),
  status: z.enum(['running', 'done', 'failed', 'expired']),
  from: z.iso.datetime().nullable().describe('What happened from then on; null from the first.'),
  to: z.iso.datetime().nullable().describe('What happened before then; null up to the last.'),
  include_raw: z.boolean().describe('Whether the bodies are in it, as they were received.'),
  created_at: z.iso.datetime(),
  finished_at: z.iso.datetime().nullable(),
  expires_at: z.iso.datetime().nullable().describe('When the zip will be removed.'),
  steps: z.object({ total: z.int(), done: z.int() }).describe('How far it has come.'),
  files: z.int().describe('Files in the zip so far.'),
  bytes: z.int().describe('Size of the zip so far.'),
  sha256: z.string().nullable().describe('Of the zip, once it is done.'),
  failure: z.string().nullable(),
});

const ID = z.object({ id: z.uuid() });

/** @throws HttpProblem if this person has no such export */
export async function findExport(c: Context<AppEnv>, id: string): Promise<ExportOnTheWire> {
  const { userId } = c.get('identity');
  const [row] = await c.get('database').queryAs(userId, selectExport(userId, id));
  if (row === undefined) throw new HttpProblem('not_found', { detail: 'There is no such export.' });
  return toExport(row);
}

const startExport = operation({
  method: 'POST',
  path: '/api/v1/exports',
  summary: 'Begins an export of everything, or of a span of time.',
  scope: 'read',
  quota: 'reads',
  isExpensive: true,
  json: z.object({
    from: instant.nullish(),
    to: instant.nullish(),
    include_raw: z.boolean().default(false),
  }),
  answer: exported,
  statuses: [202],
  problems: ['export_running', 'exports_full'],
  handler: async (c, { json }) => {
    const database = c.get('database');
    const { userId, keyId } = c.get('identity');
    const [from, to] = [json.from ?? null, json.to ?? null];
    const id = crypto.randomUUID();
    const wish = { userId, keyId, from, to, includeRaw: json.include_raw };
    const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
    const details = { from: iso(from), to: iso(to), include_raw: json.include_raw };
    const deed = { action: 'exported', personId: userId, object: id, details } as const;
    await database
      .transaction([
        requireRoom(userId),
        createExport(id, { ...wish, correlationId: c.get('correlationId') }),
        ...audit(actorOf(c), deed, Date.now()),
      ])
      .catch(refuseWithoutRoom);
    await wake(c, { job: id });
    return success(c, await findExport(c, id), {
      status: 202,
      message: 'The export is being made. Ask at its Location how far it has come.',
      headers: { Location: `/api/v1/exports/${id}` },
    });
  },
});

/** @throws HttpProblem, or what it is given */
function refuseWithoutRoom(error: unknown): never {
  const code = error instanceof DatabaseFault ? error.code : null;
  if (code === EXPORT_RUNNING) {
    const detail = 'One is made at a time. Wait until it is done, or delete it.';
    throw new HttpProblem('export_running', { detail });
  }
  if (code === EXPORTS_FULL) {
    const detail = `Up to ${MAX_EXPORTS_KEPT} are kept, for a week each. Delete one of them first.`;
    throw new HttpProblem('exports_full', { detail });
  }
  throw error;
}

const MOST_EXPORTS = 50;

const listExports = operation({
  method: 'GET',
  path: '/api/v1/exports',
  summary: `The last ${MOST_EXPORTS} exports, newest first.`,
  scope: 'read',
  quota: 'reads',
  answer: z.array(exported),
  handler: async (c) => {
    const { userId } = c.get('identity');
    const rows = await c.get('database').queryAs(userId, selectExports(userId, MOST_EXPORTS));
    return success(c, rows.map(toExport));
  },
});

const getExport = operation({
  method: 'GET',
  path: '/api/v1/exports/:id',
  summary: 'How far an export has come, and what is known of its zip.',
  scope: 'read',
  quota: 'polls',
  params: ID,
  answer: exported,
  problems: ['not_found'],
  handler: async (c, { params: { id } }) => success(c, await findExport(c, id)),
});

const deleteExport = operation({
  method: 'DELETE',
  path: '/api/v1/exports/:id',
  summary: 'Removes an export: one that is done, or one that is still being made.',
  scope: 'read',
  quota: 'reads',
  params: ID,
  answer: z.object({ id: z.uuid(), removed: z.literal(true) }),
  problems: ['not_found', 'storage_unavailable'],
  handler: (c, { params: { id } }) =>
    refusing(async () => {
      const dependencies = { database: c.get('database'), bucket: c.env.RAW };
      if (!(await removeExport(id, c.get('identity').userId, dependencies))) {
        throw new HttpProblem('not_found', { detail: 'There is no such export.' });
      }
      return success(c, { id, removed: true });
    }),
});

export const exportRoutes = [startExport, listExports, getExport, deleteExport];
