import { z } from 'zod';
import { success } from '../http/envelope.ts';
import { operation } from '../http/operation.ts';
import { HttpProblem } from '../http/problem.ts';
import { readArchiveCursor, reconcile } from '../maintenance/reconcile.ts';
import { personAddress } from '../person-address.ts';
import { audit } from '../store/audit.ts';
import { HOUR_MS, hourOf } from '../store/raw-keys.ts';
import { actorOf } from './actor.ts';
import { findingsAnswer } from './answers/upkeep.ts';
import { personOf } from './person.ts';
import { refusing } from './refusals.ts';
import { lanesOf } from './upload.ts';

const DAY_MS = 86_400_000;
const MAX_DAYS = 366;

const day = z.iso.date().transform((text) => Date.parse(text));

const CURSOR_ERROR = 'Take it from next_cursor of the answer before, unchanged.';

/** What maintenance does every hour, on demand and for any time range. */
export const reconcileNow = operation({
  method: 'POST',
  path: '/api/v1/admin/reconcile',
  summary:
    'Compares archive, receipts and rows; sends again what is missing; answers with what it found.',
  scope: 'admin',
  quota: 'reads',
  isExpensive: true,
  json: z.object({
    person: personAddress.nullish().describe('E-mail; without it everyone.'),
    from: day.nullish().describe('First day on which bodies were received; without it yesterday.'),
    to: day.nullish().describe('Last such day; without it today.'),
    cursor: z
      .string()
      .transform(readArchiveCursor)
      .refine((position) => position !== null, CURSOR_ERROR)
      .nullish()
      .describe('`archive.next_cursor` of the answer before: where the archive is looked at next.'),
  }),
  answer: findingsAnswer,
  problems: ['storage_unavailable', 'not_found'],
  handler: (c, { json }) =>
    refusing(async () => {
      const { database, settings } = c.var;
      const to = json.to ?? Date.now();
      const from = json.from ?? to - DAY_MS;
      requireDays(from, to);
      const last = hourOf(Math.floor(to / DAY_MS) * DAY_MS + DAY_MS - HOUR_MS);
      const first = { hour: hourOf(Math.floor(from / DAY_MS) * DAY_MS), after: null };
      const findings = await reconcile(
        {
          userId: json.person ? await personOf(database, json.person) : null,
          to: [last, hourOf(Date.now())].sort()[0] ?? last,
        },
        json.cursor ?? first,
        {
          database,
          bucket: c.env.RAW,
          lanes: lanesOf(c),
          sliceBytes: settings.SLICE_BYTES,
          maxBytes: settings.MAX_BODY_BYTES,
          maxFilesBytes: settings.MAX_FILES_BYTES,
          sweepAfterSeconds: settings.SWEEP_AFTER_SECONDS,
          recomputeAfterSeconds: settings.RECOMPUTE_AFTER_SECONDS,
        },
      );
      const object = `${isoDay(from)} to ${isoDay(to)}`;
      const entry = { action: 'reconciled', personId: null, object } as const;
      await database.transaction(audit(actorOf(c), entry, Date.now()));
      return success(c, findings);
    }),
});

const isoDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** @throws HttpProblem */
function requireDays(from: number, to: number): void {
  const days = Math.floor(to / DAY_MS) - Math.floor(from / DAY_MS) + 1;
  if (days >= 1 && days <= MAX_DAYS) return;
  const message = `From one day to ${MAX_DAYS}.`;
  throw new HttpProblem('invalid_parameter', {
    errors: [{ pointer: '/to', code: 'span', message }],
  });
}
