import type { Context } from 'hono';
import type { AppEnv } from '../http/context.ts';

export interface QueueState {
  queue: string;
  messages: number;
  /** Unix milliseconds. */
  oldestAt: number | null;
}

/** The queues as they stand, as far as they can be asked: those that do not answer are left out. */
export async function queuesOf(c: Context<AppEnv>): Promise<QueueState[]> {
  const lanes = [
    ['live', c.env.SLICES],
    ['backfill', c.env.BACKFILL],
    ['work', c.env.WORK],
  ] as const;
  const states = await Promise.all(
    lanes.map(async ([queue, lane]) => {
      try {
        const { backlogCount, oldestMessageTimestamp } = await lane.metrics();
        return {
          queue,
          messages: backlogCount,
          oldestAt: oldestMessageTimestamp?.getTime() ?? null,
        };
      } catch {
        return null;
      }
    }),
  );
  return states.filter((state) => state !== null);
}
