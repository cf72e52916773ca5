import { Cron } from 'croner';
import type { Miniflare } from 'miniflare';
import { CRONS } from '../../src/maintenance/crons.ts';
import { MARK_MESSAGES_LOST } from '../../src/store/find-open.ts';
import type { SqlBackend } from './sql-backend.ts';

/** Triggers the crons of the consumer, which the runtime on this machine does not do by itself. */

interface Scheduled {
  scheduled(options: { cron: string }): Promise<unknown>;
}

export interface LocalCron {
  /**
   * Runs all of maintenance now, for a runtime that has just started: its queue is in memory and empty, so every
   * receipt that is open waits for messages that are lost.
   */
  recover(): Promise<void>;
  stop(): void;
}

export function startCron(miniflare: Miniflare, backend: SqlBackend): LocalCron {
  const trigger = async (cron: string): Promise<void> => {
    try {
      // Asked for each time: the stub of a runtime that has ended throws at once, outside of any promise.
      const consumer = (await miniflare.getWorker('consumer')) as unknown as Scheduled;
      await consumer.scheduled({ cron });
    } catch {
      // What a task fails with is in the log of the Worker; the next trigger tries again.
    }
  };
  const crons = Object.keys(CRONS).map(
    (cron) => new Cron(cron, { timezone: 'UTC', unref: true }, () => trigger(cron)),
  );
  return {
    recover: async () => {
      await backend.run({ query: MARK_MESSAGES_LOST.text, params: [] });
      for (const cron of Object.keys(CRONS)) await trigger(cron);
    },
    stop: () => {
      for (const cron of crons) cron.stop();
    },
  };
}
