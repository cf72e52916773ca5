import { z } from 'zod';
import type { JobOnTheWire } from '../../store/find-jobs.ts';
import { countsAnswer } from './receipt.ts';

const EXAMPLE: JobOnTheWire = {
  id: '5b0f0a3e-6c1c-4d5e-9d0a-2f6f0a1b2c3d',
  kind: 'replay',
  status: 'done',
  applies: false,
  person_id: 'a3c5e7f9-1b2d-4f60-8a9b-0c1d2e3f4a5b',
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-02-01T00:00:00.000Z',
  created_at: '2026-03-02T07:41:00.000Z',
  finished_at: '2026-03-02T07:41:09.000Z',
  uploads: { total: 31, done: 31, failed: 0 },
  totals: { received: 412, inserted: 3, updated: 0, unchanged: 409, set_aside: 0 },
  metrics: {
    step_count: { received: 412, inserted: 3, updated: 0, unchanged: 409, set_aside: 0 },
  },
};

export const jobAnswer = z
  .object({
    id: z.uuid(),
    kind: z.literal('replay'),
    status: z.enum(['running', 'done', 'cancelled']),
    applies: z.boolean().describe('false: a preview, of which nothing is stored.'),
    person_id: z.uuid(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    created_at: z.iso.datetime(),
    finished_at: z.iso.datetime().nullable(),
    uploads: z.object({ total: z.int(), done: z.int(), failed: z.int() }),
    totals: countsAnswer,
    metrics: z.record(z.string(), countsAnswer),
  })
  .meta({
    id: 'Job',
    description:
      'The replay of a span. The counts of a preview say what would become of the items.',
    examples: [EXAMPLE],
  }) satisfies z.ZodType<JobOnTheWire>;
