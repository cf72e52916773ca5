import { z } from 'zod';
import type { Counts, Receipt } from '../../model.ts';

/** Receipts as they go over the wire. */

const count = z.int().min(0);

export const countsAnswer = z
  .object({
    received: count,
    inserted: count,
    updated: count,
    unchanged: count,
    set_aside: count,
  })
  .meta({
    id: 'Counts',
    description: 'received = inserted + updated + unchanged + set_aside, once a receipt is closed.',
    examples: [{ received: 3, inserted: 1, updated: 0, unchanged: 1, set_aside: 1 }],
  }) satisfies z.ZodType<Counts>;

const label = z.string().nullable();

const EXAMPLE: Receipt = {
  id: '01951f3a-9c40-7c3e-8d2b-5a6f7e8d9c0b',
  status: 'stored_with_issues',
  received_at: '2026-03-02T07:41:00.000Z',
  completed_at: '2026-03-02T07:41:00.120Z',
  replay_of: null,
  bytes: 412,
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  automation: {
    name: 'Every hour',
    id: null,
    aggregation: 'minutes',
    period: 'Since Last Sync',
    session_id: null,
  },
  slices: { total: 1, loaded: 1 },
  failure: null,
  decoders: [1],
  totals: { received: 3, inserted: 1, updated: 0, unchanged: 1, set_aside: 1 },
  metrics: { step_count: { received: 3, inserted: 1, updated: 0, unchanged: 1, set_aside: 1 } },
  unknown_fields: {},
  issues: [
    {
      pointer: '/data/metrics/0/data/2',
      code: 'invalid_date',
      message: 'The date is not one this server can read.',
    },
  ],
  issues_total: 1,
  issues_by_code: { invalid_date: 1 },
};

export const receiptAnswer = z
  .object({
    id: z.uuid(),
    status: z.enum(['queued', 'loading', 'deferred', 'stored', 'stored_with_issues', 'failed']),
    received_at: z.iso.datetime(),
    completed_at: z.iso.datetime().nullable().describe('null while items are on their way.'),
    replay_of: z.uuid().nullable().describe('The upload whose body was loaded once more.'),
    bytes: count,
    sha256: z.string().describe('Of the body as archived; empty for a dry run.'),
    automation: z
      .object({ name: label, id: label, aggregation: label, period: label, session_id: label })
      .describe('What the headers of the app said.'),
    slices: z.object({ total: count, loaded: count }),
    failure: z
      .object({
        code: z.enum(['body_gone', 'slice_not_loadable', 'attempts_exhausted', 'cut_changed']),
        message: z.string(),
      })
      .nullable(),
    decoders: z.array(z.int()).describe('Versions of the decoder that read its slices.'),
    totals: countsAnswer,
    metrics: z.record(z.string(), countsAnswer).describe('By metric or section.'),
    unknown_fields: z
      .record(z.string(), z.record(z.string(), z.number()))
      .describe('By section, how often each field was seen that this server does not know.'),
    issues: z
      .array(
        z.object({
          pointer: z.string().describe('JSON pointer into the body.'),
          code: z.string(),
          message: z.string(),
        }),
      )
      .describe(
        'The first hundred. Of one upload 1,000 are kept at most, 20 of a metric or section and code; a dry run shows any of them.',
      ),
    issues_total: count.describe('All there were, kept or not.'),
    issues_by_code: z.record(z.string(), count).describe('The same by code.'),
  })
  .meta({
    id: 'Receipt',
    description: 'What became of every item of an upload.',
    examples: [EXAMPLE],
  }) satisfies z.ZodType<Receipt>;
