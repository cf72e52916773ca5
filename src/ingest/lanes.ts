import type { Ingestion } from '../model.ts';
import type { LiveShares } from './fair-shares.ts';
import type { SliceMessage } from './message.ts';

/**
 * The two queues. What is of today goes on the live lane; the rest on the backfill lane, with consumers of its own, so
 * that ten years of history never delay today's sleep.
 */
export interface Lanes {
  live: Queue<SliceMessage>;
  backfill: Queue<SliceMessage>;
}

/** Some 4 MB. The app's daily exports are well below, exports of years well above. */
const LIVE_SLICES = 8;

/** @param shares which people have sent much to the live lane of late */
export function laneOf(
  { ingestion: { replayOf, userId }, slices }: { ingestion: Ingestion; slices: number },
  deferSeconds: number | null,
  { shares, now }: { shares: LiveShares; now: number },
): keyof Lanes {
  if (replayOf !== null || deferSeconds !== null || slices > LIVE_SLICES) return 'backfill';
  return shares.take(userId, slices, now) ? 'live' : 'backfill';
}
