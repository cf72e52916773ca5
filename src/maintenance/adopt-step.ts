import { z } from 'zod';
import type { Json } from '../model.ts';
import { HOUR_MS, hourOf } from '../store/raw-keys.ts';
import { adoptAgain, adoptHours } from './adopt.ts';
import type { MaintenanceDependencies } from './dependencies.ts';
import type { TaskStep } from './task.ts';

/** The walk through the archive as a task: each run goes on in the hour that the run before could not finish. */

/** No upload takes so long. */
export const LATE_HOURS = 25;
/** Where there is no cursor yet. */
const FIRST_HOURS_BACK = 48;

/** A page is a thousand uploads of an hour, which cost a listing and a query. */
const MAX_PAGES = 50;
const MAX_BODIES = 100;
const MAX_BYTES = 200 * 1024 * 1024;

const cursorSchema = z.object({
  hour: z.string(),
  after: z.string().nullable(),
  /** Up to when the run walks, however many steps it takes; `null` before its first. */
  until: z.number().nullable().default(null),
  /** Keys of bodies that the first step of the next run looks at once more. */
  again: z.array(z.string()).default([]),
});

export async function adoptStep(
  cursor: Json,
  lateHours: number,
  dependencies: MaintenanceDependencies,
): Promise<TaskStep> {
  const now = Date.now() - lateHours * HOUR_MS;
  const { until, again, ...position } = cursorSchema.safeParse(cursor).data ?? {
    hour: hourOf(now - FIRST_HOURS_BACK * HOUR_MS),
    after: null,
    until: null,
    again: [],
  };
  const budget = { pages: MAX_PAGES, bodies: MAX_BODIES, bytes: MAX_BYTES };
  const options = { ...dependencies, budget };
  if (until === null && again.length > 0) {
    const looked = await adoptAgain(again, options);
    const next = { ...position, until: now, again: looked.again };
    return { findings: { ...looked.adopted }, cursor: next, next: { afterSeconds: 0 } };
  }
  const end = until ?? now;
  const hours = { userId: null, to: hourOf(end) };
  const walked = await adoptHours(hours, { position, again }, options);
  const findings = { ...walked.adopted };
  if (walked.next !== null) {
    const { isHeldUp } = walked;
    return {
      findings,
      cursor: { ...walked.next, until: isHeldUp ? null : end, again: walked.again },
      next: isHeldUp ? 'done' : { afterSeconds: 0 },
    };
  }
  // The next run begins with the first hour that uploads may still have been under way in.
  const hour = hourOf(end - dependencies.sweepAfterSeconds * 1000);
  return {
    findings,
    cursor: { hour, after: null, until: null, again: walked.again },
    next: 'done',
  };
}
