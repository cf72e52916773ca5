import { Cron } from 'croner';
import type { Miniflare } from 'miniflare';
import { CRONS } from '../../src/maintenance/crons.ts';

/** Rings the cron triggers of the consumer, which the runtime on this machine does not do by itself. */

interface Scheduled {
  scheduled(options: { cron: string }): Promise<unknown>;
}

/** @returns what stops it */
export async function startClock(miniflare: Miniflare): Promise<() => void> {
  const consumer = (await miniflare.getWorker('consumer')) as unknown as Scheduled;
  // What a task fails with is in the log of the Worker.
  const ring = async (cron: string): Promise<void> => {
    await consumer.scheduled({ cron }).catch(() => {});
  };
  const crons = Object.keys(CRONS).map(
    (cron) => new Cron(cron, { timezone: 'UTC', unref: true }, () => ring(cron)),
  );
  // The queue is in memory: what waited in it when the system was stopped is sent again now.
  for (const cron of Object.keys(CRONS)) await ring(cron);
  return () => {
    for (const cron of crons) cron.stop();
  };
}
