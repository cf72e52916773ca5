import { z } from 'zod';
import { success } from '../http/envelope.ts';
import { operation } from '../http/operation.ts';
import { HttpProblem } from '../http/problem.ts';
import { daysOf, reconcile } from '../maintenance/reconcile.ts';
import { audit } from '../store/audit.ts';
import { actorOf } from './actor.ts';
import { findingsAnswer } from './answers/upkeep.ts';
import { refusing } from './refusals.ts';
import { lanesOf } from './upload.ts';

const DAY_MS = 86_400_000;
/** Each day is a listing of the archive for each person. */
const MOST_DAYS = 366;

const day = z.iso.date().transform((text) => Date.parse(text));

/** What the clock does every hour, on demand and for any span. */
export const reconcileNow = operation({
  method: 'POST',
  path: '/api/v1/admin/reconcile',
  summary:
    'Compares archive, receipts and rows; sends again what is missing; answers with what it found.',
  scope: 'admin',
  quota: 'reads',
  json: z.object({
    person: z.email().nullish().describe('E-mail; without it everyone.'),
    from: day.nullish().describe('First day on which bodies were received; without it yesterday.'),
    to: day.nullish().describe('Last such day; without it today.'),
  }),
  answer: findingsAnswer,
  problems: ['storage_unavailable'],
  handler: (c, { json }) =>
    refusing(async () => {
      const settings = c.get('settings');
      const to = json.to ?? Date.now();
      const days = daysOf(json.from ?? to - DAY_MS, to);
      if (days.length === 0 || days.length > MOST_DAYS) {
        const message = `From one day to ${MOST_DAYS}.`;
        throw new HttpProblem('invalid_parameter', {
          errors: [{ pointer: '/to', code: 'span', message }],
        });
      }
      const findings = await reconcile(
        { email: json.person?.trim().toLowerCase() ?? null, days },
        {
          database: c.get('database'),
          bucket: c.env.RAW,
          lanes: lanesOf(c),
          sliceBytes: settings.SLICE_BYTES,
          sweepAfterSeconds: settings.SWEEP_AFTER_SECONDS,
        },
      );
      const deed = {
        action: 'reconciled',
        personId: null,
        object: `${days[0]} to ${days.at(-1)}`,
      } as const;
      await c.get('database').transaction(audit(actorOf(c), deed, Date.now()));
      return success(c, findings);
    }),
});
