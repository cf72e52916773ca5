import { z } from 'zod';
import type { Archived, Ingestion, Slice } from '../model.ts';
import type { StoredRange } from '../store/members.ts';

/**
 * What travels through the queue: where a slice is, and what its meaning depends on. Never health data.
 * This is the contract between the two Workers, and with messages that wait while either is deployed.
 */

/** The queue of messages that a lane has given up. */
export const DEAD = 'self-sensored-dead';

/** One slice to load, with all that is known of its upload. */
export interface SliceJob {
  ingestion: Ingestion;
  archived: Archived;
  slicesTotal: number;
  slice: Slice;
  /** How many attempts have ended in a fault that nothing explains. */
  unexplained?: number;
  /** Where its bytes are in the archive; `null` where the body lies there as it came. */
  stored: StoredRange | null;
}

const label = z.string().nullable();

export const ingestionSchema = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  keyId: z.uuid(),
  receivedAt: z.number(),
  // Messages from before there were replays have neither.
  saidAt: z.number().optional(),
  replayOf: z.uuid().nullable().default(null),
  correlationId: z.string(),
  traceparent: z.string().nullable().default(null),
  timeZone: z.string(),
  automation: z.object({
    name: label,
    id: label,
    aggregation: label,
    period: label,
    sessionId: label,
  }),
  idempotencyKey: z.string().nullable(),
});

const offset = z.int().nonnegative();

const message = z.object({
  // Those of version 1 are about bodies that lie in the archive as they came.
  version: z.union([z.literal(1), z.literal(2)]),
  ingestion: ingestionSchema,
  archived: z.object({
    rawKey: z.string(),
    bytes: z.number(),
    sha256: z.string(),
    cut: z.string().default(''),
  }),
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
  unexplained: z.int().nonnegative().default(0),
  stored: z.object({ start: offset, end: offset, skip: offset }).nullable().default(null),
});

export type SliceMessage = z.input<typeof message>;

export const toMessage = (job: SliceJob): SliceMessage => ({ version: 2, ...job });

/** @returns `null` if it is no slice of ours. */
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
