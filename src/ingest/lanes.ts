import type { Ingestion } from '../model.ts';
import type { Errand, SliceMessage } from './message.ts';

/**
 * The two queues. What is of today goes on the live lane; the rest on the backfill lane, with consumers of its own, so
 * that ten years of history never delay today's sleep.
 */
export interface Lanes {
  live: Queue<SliceMessage>;
  backfill: Queue<SliceMessage | Errand>;
}

/** Some 4 MB. The app's daily exports are well below, exports of years well above. */
const LIVE_SLICES = 8;

export const laneOf = (
  { replayOf }: Ingestion,
  slices: number,
  deferSeconds: number | null,
): keyof Lanes =>
  replayOf !== null || deferSeconds !== null || slices > LIVE_SLICES ? 'backfill' : 'live';
