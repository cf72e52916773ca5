import { z } from 'zod';
import type { Findings } from '../../maintenance/reconcile.ts';
import type { PartitionOnTheWire } from '../../store/retention.ts';

/** What operators are told. */

const count = z.int().min(0);

export const auditAnswer = z
  .object({
    id: z.uuid(),
    at: z.iso.datetime(),
    action: z.string(),
    key_id: z.string().nullable().describe('The key that was used; null: a hand on the server.'),
    actor_id: z.string().nullable().describe('Whom that key stands for.'),
    person_id: z.string().nullable().describe('Whose data it was about.'),
    object: z.string(),
    correlation_id: z.string(),
    details: z.unknown().describe('Never a health value.'),
  })
  .meta({
    id: 'Deed',
    examples: [
      {
        id: 'c0ffee00-1b2d-4f60-8a9b-0c1d2e3f4a5b',
        at: '2026-03-02T07:41:00.000Z',
        action: 'key_created',
        key_id: '7d9e1c2b-3a4f-4b5c-8d6e-7f8091a2b3c4',
        actor_id: 'a3c5e7f9-1b2d-4f60-8a9b-0c1d2e3f4a5b',
        person_id: 'a3c5e7f9-1b2d-4f60-8a9b-0c1d2e3f4a5b',
        object: '0b0f5a0e-6c1c-4d5e-9d0a-2f6f0a1b2c3d',
        correlation_id: 'evening-round',
        details: { kind: 'read' },
      },
    ],
  });

export const partitionAnswer = z
  .object({
    table: z.string(),
    partition: z.string(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    kept_until: z.iso.datetime().nullable().describe('null: for ever.'),
    bytes: z.number(),
    rows: z.number().describe('An estimate.'),
  })
  .meta({
    id: 'Partition',
    examples: [
      {
        table: 'samples',
        partition: 'samples_2026_03',
        from: '2026-03-01T00:00:00.000Z',
        to: '2026-04-01T00:00:00.000Z',
        kept_until: null,
        bytes: 1_048_576,
        rows: 10_412,
      },
    ],
  }) satisfies z.ZodType<PartitionOnTheWire>;

const EXAMPLE: Findings = {
  receipts: { uploads: 0, slices: 0, replayed: 0, gone: 0, left: 0, open: 0 },
  held: { taken: 0, failed: 0, refused: 0, deleted: 0, left: 0 },
  archive: { bodies: 31, adopted: 0, rejected: 0, left: 0, next_cursor: null },
  not_closing: [],
};

export const findingsAnswer = z
  .object({
    receipts: z
      .object({
        uploads: count,
        slices: count,
        replayed: count,
        gone: count,
        left: count,
        open: count,
      })
      .describe('What became of the receipts that did not close.'),
    held: z
      .object({ taken: count, failed: count, refused: count, deleted: count, left: count })
      .describe('What became of uploads whose person could not be looked up when they came.'),
    archive: z
      .object({
        bodies: count,
        adopted: count,
        rejected: count,
        left: count,
        next_cursor: z
          .string()
          .nullable()
          .describe(
            'A call lists the archive 500 times and adopts 50 bodies or 100 MB: send it back as `cursor` to go on.',
          ),
      })
      .describe('What became of archived bodies that no receipt knew.'),
    not_closing: z.array(z.uuid()).describe('Complete receipts that do not add up: an alarm.'),
  })
  .meta({ id: 'Findings', examples: [EXAMPLE] }) satisfies z.ZodType<Findings>;
