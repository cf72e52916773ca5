import type { AskedName } from './families.ts';
import { seriesName } from './meter.ts';

/** What a scrape asks for, as far as it could be found out. Instants are Unix milliseconds. */
export interface Asked {
  version: string;
  queues: readonly { queue: string; messages: number; oldestAt: number | null }[];
  /** `null`: the database was not asked, or did not answer. */
  state: {
    open: number;
    oldestOpenAt: number | null;
    failedLastDay: number;
    notClosing: number;
    partitionsUntil: number | null;
    upkeep: readonly { task: string; ranAt: number }[];
    lastUploads: readonly { person: string; at: number }[];
  } | null;
  databaseAsked: boolean;
  now: number;
}

/** The gauges of a scrape under their names in the text format. */
export function gaugesOf({
  version,
  queues,
  state,
  databaseAsked,
  now,
}: Asked): Map<string, number> {
  const gauges = new Map<string, number>();
  const set = (name: AskedName, value: number, labels: Record<string, string> = {}) =>
    gauges.set(seriesName(name, labels), value);
  const age = (at: number | null): number => (at === null ? 0 : Math.max(0, now - at) / 1000);

  set('build_info', 1, { version });
  for (const { queue, messages, oldestAt } of queues) {
    set('queue_messages', messages, { queue });
    set('queue_oldest_seconds', age(oldestAt), { queue });
  }
  if (databaseAsked) set('database_up', state === null ? 0 : 1);
  if (state === null) return gauges;

  set('receipts_open', state.open);
  set('receipts_open_oldest_seconds', age(state.oldestOpenAt));
  set('receipts_failed', state.failedLastDay);
  set('receipts_not_closing', state.notClosing);
  if (state.partitionsUntil !== null) {
    set('partitions_ahead_seconds', (state.partitionsUntil - now) / 1000);
  }
  for (const { task, ranAt } of state.upkeep) {
    set('upkeep_last_run_timestamp_seconds', ranAt / 1000, { task });
  }
  for (const { person, at } of state.lastUploads) {
    set('last_upload_timestamp_seconds', at / 1000, { person });
  }
  return gauges;
}
