import { z } from 'zod';
import type { Archived, Ingestion, Slice } from '../model.ts';

/**
 * What travels through the queue: where a slice is, and what its meaning depends on. Never health data.
 * This is the contract between the two Workers, and with messages that wait while either is deployed.
 */

/** One slice to load, with all that is known of its upload. */
export interface SliceJob {
  ingestion: Ingestion;
  archived: Archived;
  slicesTotal: number;
  slice: Slice;
}

const label = z.string().nullable();

const message = z.object({
  version: z.literal(1),
  ingestion: z.object({
    id: z.uuid(),
    userId: z.uuid(),
    keyId: z.uuid(),
    receivedAt: z.number(),
    // Messages from before there were replays have neither.
    saidAt: z.number().optional(),
    replayOf: z.uuid().nullable().default(null),
    correlationId: z.string(),
    timeZone: z.string(),
    automation: z.object({
      name: label,
      id: label,
      aggregation: label,
      period: label,
      sessionId: label,
    }),
    idempotencyKey: z.string().nullable(),
  }),
  archived: z.object({ rawKey: z.string(), bytes: z.number(), sha256: z.string() }),
  slicesTotal: z.int().positive(),
  slice: z.object({
    number: z.int().nonnegative(),
    start: z.int().nonnegative(),
    end: z.int().nonnegative(),
    opening: z.string(),
    closing: z.string(),
    items: z.int().nonnegative(),
    place: z.object({ section: z.string(), element: z.int(), point: z.int() }),
  }),
});

export type SliceMessage = z.input<typeof message>;

export const toMessage = (job: SliceJob): SliceMessage => ({ version: 1, ...job });

/** @returns `null` if it is no message of ours. */
export function readMessage(body: unknown): SliceJob | null {
  const result = message.safeParse(body);
  if (!result.success) return null;
  const { version: _, ingestion, ...rest } = result.data;
  return { ...rest, ingestion: { ...ingestion, saidAt: ingestion.saidAt ?? ingestion.receivedAt } };
}

/** How large the slice is that a message names; 0 if it is no message of ours. */
export function bytesOf(body: unknown): number {
  const slice = readMessage(body)?.slice;
  return slice === undefined ? 0 : slice.end - slice.start;
}
