import { log } from '../log.ts';
import type { Json } from '../model.ts';
import {
  type CheckedReceipts,
  selectClosing,
  selectSampledClosing,
  toChecked,
} from '../store/check-receipts.ts';
import { countFindings } from './count.ts';
import type { JobDependencies, MaintenanceDependencies } from './dependencies.ts';
import type { TaskStep } from './task.ts';

/**
 * Complete receipts that do not add up. The checks of the tables make that impossible: whoever finds one has found a
 * fault of ours, or a hand in the tables.
 */

/** Those that have closed since the last run. */
export async function checkRecent(cursor: Json, dependencies: JobDependencies): Promise<TaskStep> {
  const since = typeof cursor === 'string' ? cursor : null;
  const checked = await check(since, dependencies);
  return {
    findings: { checked: checked.receipts, not_closing: checked.notClosing },
    cursor: checked.until,
    next: checked.isLast ? 'done' : { afterSeconds: 0 },
  };
}

/** Some thousands of all, once a day. */
export async function checkSample({ database }: JobDependencies): Promise<TaskStep> {
  const [row] = await database.query(selectSampledClosing());
  const { receipts, notClosing } = told(toChecked(row));
  return { findings: { checked: receipts, not_closing: notClosing }, cursor: null, next: 'done' };
}

/** @param since when the first of them has closed, as the database writes it; `null`: within the last hour */
export async function check(
  since: string | null,
  { database }: Pick<MaintenanceDependencies, 'database'>,
): Promise<CheckedReceipts> {
  const [row] = await database.query(selectClosing(since));
  return told(toChecked(row));
}

function told(checked: CheckedReceipts): CheckedReceipts {
  const { notClosing } = checked;
  for (const id of notClosing) log('error', 'receipt does not close', { ingestion_id: id });
  countFindings({ receipts_not_closing: notClosing.length });
  return checked;
}
