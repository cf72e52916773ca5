import { z } from 'zod';
import { answer } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { type Stats, selectStats, toStats } from '../read/stats.ts';

const count = z.int().nonnegative();

const stats = z.object({
  samples: z.object({
    total: count.describe('As far as they count: not twice where two sources measured the same'),
    metrics: z.array(
      z.object({
        metric: z.string(),
        samples: count,
        days: count.describe('Days that have data'),
        first: z.string().describe('Day'),
        last: z.string().describe('Day'),
      }),
    ),
    counted_anew: z
      .array(z.string())
      .describe('Metrics whose days are being made anew; not among those above'),
  }),
  days_with_data: count,
  records: z.object({
    nights: count,
    workouts: count,
    ecg: count,
    blood_pressure: count,
    events: z.record(z.string(), count).describe('By kind'),
  }),
  uploads: z.object({
    total: count,
    stored: count,
    stored_with_issues: count,
    failed: count,
    open: count.describe('Still on their way'),
    last_at: z.iso.datetime().nullable(),
  }),
  archived_bytes: count.describe('Bodies as they are kept; a replay adds none'),
  sources: z.array(z.string()),
  estimated_bytes: count.describe('What the rows take in the database, about'),
}) satisfies z.ZodType<Stats>;

export const showStats = operation({
  method: 'GET',
  path: '/api/v1/stats',
  summary: 'What the person has, in numbers: samples, days, records, uploads, sizes.',
  scope: 'read',
  quota: 'reads',
  answer: stats,
  handler: async (c) => {
    const { userId } = c.get('identity');
    const [row = {}] = await c.get('database').queryAs(userId, selectStats(userId));
    return answer(c, toStats(row));
  },
});
