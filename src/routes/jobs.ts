import { z } from 'zod';
import type { Database } from '../database.ts';
import { success } from '../http/envelope.ts';
import { numbered, numberedQuery, offsetOf } from '../http/numbered-page.ts';
import { operation } from '../http/operation.ts';
import { HttpProblem } from '../http/problem.ts';
import { personAddress } from '../person-address.ts';
import { audit } from '../store/audit.ts';
import { COUNT_JOBS, selectJob, selectJobs, toJob } from '../store/find-jobs.ts';
import { cancelJob, createReplayJob } from '../store/jobs.ts';
import { actorOf } from './actor.ts';
import { jobAnswer } from './answers/job.ts';
import { instant } from './instant.ts';
import { personOf, requirePerson } from './person.ts';
import { wake } from './wake.ts';

/** The time machine: a span of uploads once more, with the decoder of today. First one looks, then one does. */
const startReplay = operation({
  method: 'POST',
  path: '/api/v1/admin/replay',
  summary:
    'Replays the uploads of a person and a span as a job: a preview, or with `apply` for good.',
  scope: 'admin',
  quota: 'reads',
  isExpensive: true,
  json: z.object({
    person: personAddress
      .nullish()
      .describe('E-mail; without it, whoever the admin key belongs to.'),
    from: instant
      .describe('Uploads that were received from then on.')
      .meta({ examples: ['2026-01-01T00:00:00Z'] }),
    to: instant.describe('And before then.').meta({ examples: ['2026-02-01T00:00:00Z'] }),
    apply: z.boolean().default(false).describe('For good, and not only as a preview.'),
    decoder_below: z
      .int()
      .positive()
      .max(1_000_000)
      .nullish()
      .describe('Only uploads that a decoder older than this version has read.'),
  }),
  answer: jobAnswer,
  statuses: [202],
  problems: ['not_found'],
  handler: async (c, { json }) => {
    const database = c.get('database');
    const { userId, keyId } = c.get('identity');
    const id = crypto.randomUUID();
    const personId = json.person ? await personOf(database, json.person) : userId;
    requirePerson(personId);
    const statements = createReplayJob(id, {
      userId: personId,
      keyId,
      correlationId: c.get('correlationId'),
      from: json.from,
      to: json.to,
      decoderBelow: json.decoder_below ?? null,
      applies: json.apply,
    });
    const { from, to, apply } = json;
    const details = { from: new Date(from).toISOString(), to: new Date(to).toISOString(), apply };
    const deed = { action: 'replay_job_started', personId, object: id, details } as const;
    await database.transaction([...statements, ...audit(actorOf(c), deed, Date.now())]);
    await wake(c, { job: id });
    return success(c, await findJob(database, id), {
      status: 202,
      message: json.apply
        ? 'The uploads are being loaded once more.'
        : 'A preview: nothing of it will be stored. Send `apply: true` to do it.',
      headers: { Location: `/api/v1/admin/jobs/${id}` },
    });
  },
});

async function findJob(database: Database, id: string) {
  const [row] = await database.query(selectJob(id));
  if (row === undefined) throw new HttpProblem('not_found', { detail: 'There is no such job.' });
  return toJob(row);
}

const getJob = operation({
  method: 'GET',
  path: '/api/v1/admin/jobs/:id',
  summary: 'How far a job has come, and what came of it.',
  scope: 'admin',
  quota: 'none',
  params: z.object({ id: z.uuid() }),
  answer: jobAnswer,
  handler: async (c, { params: { id } }) => success(c, await findJob(c.get('database'), id)),
});

const listJobs = operation({
  method: 'GET',
  path: '/api/v1/admin/jobs',
  summary: 'All jobs, newest first.',
  scope: 'admin',
  quota: 'reads',
  query: z.object(numberedQuery),
  answer: z.array(jobAnswer),
  handler: async (c, { query }) => {
    const database = c.get('database');
    const [rows, [counted]] = await Promise.all([
      database.query(selectJobs(query.per_page, offsetOf(query))),
      database.query(COUNT_JOBS),
    ]);
    const pagination = numbered(query, Number(counted?.jobs));
    return success(c, rows.map(toJob), { pagination });
  },
});

const stopJob = operation({
  method: 'DELETE',
  path: '/api/v1/admin/jobs/:id',
  summary: 'Stops a job. What it has done stays done.',
  scope: 'admin',
  quota: 'reads',
  params: z.object({ id: z.uuid() }),
  answer: jobAnswer,
  handler: async (c, { params: { id } }) => {
    const database = c.get('database');
    const job = await findJob(database, id);
    const deed = { action: 'job_cancelled', personId: job.person_id, object: id } as const;
    await database.transaction([cancelJob(id), ...audit(actorOf(c), deed, Date.now())]);
    return success(c, await findJob(database, id));
  },
});

export const jobRoutes = [startReplay, getJob, listJobs, stopJob];
