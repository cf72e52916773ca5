import { z } from 'zod';
import type { Arrival, HeldUpload, Ingestion } from '../model.ts';
import { ingestionSchema } from './message.ts';

/**
 * What an archived body says of itself, beside its bytes: enough to load it when nothing else is left. R2 keeps it
 * as metadata of the object, which is never more than two kilobytes of labels, and never a health value.
 */

/** R2 takes 8 KB, its simulator 2. */
const MAX_BYTES = 1_900;

export const describe = (ingestion: Ingestion): Record<string, string> => ({
  upload: shortened(ingestion),
});

/** The lookup stands by itself, too, for who looks for the uploads of a key. */
export const describeHeld = (held: HeldUpload): Record<string, string> => ({
  held: shortened(held),
  lookup: held.lookup,
});

function shortened(upload: Arrival): string {
  const whole = JSON.stringify(upload);
  if (new TextEncoder().encode(whole).length <= MAX_BYTES) return whole;
  // Long labels in a script of many bytes: what the numbers mean goes before what the automation is called.
  const { aggregation, period } = upload.automation;
  const automation = { name: null, id: null, aggregation, period, sessionId: null };
  return JSON.stringify({ ...upload, automation, idempotencyKey: null });
}

/** @returns `null` for a body that was archived before bodies described themselves. */
export function readDescription(metadata: Record<string, string> | undefined): Ingestion | null {
  try {
    const { saidAt, ...ingestion } = ingestionSchema.parse(JSON.parse(metadata?.upload ?? ''));
    return { ...ingestion, saidAt: saidAt ?? ingestion.receivedAt };
  } catch {
    return null;
  }
}

const heldSchema: z.ZodType<HeldUpload> = ingestionSchema
  .omit({ userId: true, keyId: true, timeZone: true })
  .extend({
    saidAt: z.number(),
    lookup: z.string(),
    seal: z.string(),
    gzip: z.boolean(),
    contentType: z.string().nullable(),
  });

/** @returns `null` if it says nothing that this release can read. */
export function readHeld(metadata: Record<string, string> | undefined): HeldUpload | null {
  try {
    return heldSchema.parse(JSON.parse(metadata?.held ?? ''));
  } catch {
    return null;
  }
}
