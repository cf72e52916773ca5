import type { Database } from '../database.ts';
import {
  CHECK_TOTALS,
  releaseRecompute,
  remakeStretch,
  SELECT_STALE_PEOPLE,
  selectStaleStretch,
  takeRecompute,
  toStaleStretch,
  toWait,
} from '../store/stale-metrics.ts';
import { countFindings } from './count.ts';
import type { MaintenanceDependencies } from './dependencies.ts';

/** Totals of days: made anew where zone or order of sources has changed, and compared with their samples. */

/** A delivery works this long, and then hands the rest on, so that others get their turn. */
const TURN_MS = 20_000;

/**
 * Recomputes stale days of a person, one turn at a time and a person alone: a metric whose days were marked just now waits,
 * since whoever tries time zones tries several.
 * @throws DatabaseUnreachable: whoever calls, calls again
 */
export async function remakeTotals(
  person: string,
  { database, lanes, recomputeAfterSeconds: quiet }: MaintenanceDependencies,
): Promise<void> {
  let wait = toWait((await database.query(takeRecompute(person, quiet)))[0]);
  if (wait === 0) {
    try {
      await remakeTurn(person, database, quiet);
    } finally {
      wait = toWait((await database.query(releaseRecompute(person, quiet)))[0]);
    }
  }
  if (wait !== null) {
    await lanes.backfill.send({ version: 1, totals: person }, { delaySeconds: wait });
  }
}

async function remakeTurn(person: string, database: Database, quiet: number): Promise<void> {
  for (const end = Date.now() + TURN_MS; Date.now() < end; ) {
    const [row] = await database.query(selectStaleStretch(person, quiet));
    if (row === undefined) return;
    await database.transaction(remakeStretch(person, toStaleStretch(row)));
  }
}

/** Compares some, and sends on the way what is to be made anew. */
export async function checkTotals({ database, lanes }: MaintenanceDependencies): Promise<object> {
  const [row] = await database.query(CHECK_TOTALS);
  const differing = Number(row?.differing ?? 0);
  countFindings({ totals_differing: differing });
  const people = await database.query(SELECT_STALE_PEOPLE);
  for (const { user_id } of people) {
    await lanes.backfill.send({ version: 1, totals: String(user_id) });
  }
  return { totals_checked: Number(row?.checked ?? 0), totals_differing: differing };
}
