import type { Ingestion } from '../model.ts';
import { ingestionSchema } from './message.ts';

/**
 * What an archived body says of itself, beside its bytes: enough to load it when nothing else is left. R2 keeps it
 * as metadata of the object, which is never more than two kilobytes of labels, and never a health value.
 */

/** R2 takes 8 KB, its simulator 2. */
const MAX_BYTES = 1_900;

export function describe(ingestion: Ingestion): Record<string, string> {
  const whole = JSON.stringify(ingestion);
  if (new TextEncoder().encode(whole).length <= MAX_BYTES) return { upload: whole };
  // Long labels in a script of many bytes: what the numbers mean goes before what the automation is called.
  const { aggregation, period } = ingestion.automation;
  const automation = { name: null, id: null, aggregation, period, sessionId: null };
  return { upload: JSON.stringify({ ...ingestion, automation, idempotencyKey: null }) };
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
