import { log } from '../log.ts';
import { type Findings, keepStep, selectTask, toTask } from '../store/maintenance-tasks.ts';
import type { TaskName } from './crons.ts';
import type { JobDependencies } from './dependencies.ts';
import { enqueueJob } from './job-message.ts';
import { TASKS } from './tasks.ts';

/**
 * Does the next step of a task, from where the last one stopped, and sends the message of the one after. A step that
 * another delivery has done meanwhile counts once: the first to write its cursor goes on. A run ends with the step that
 * leaves nothing to do; then it is on record with all that its steps have found.
 * @throws what the task throws: the message comes again, and the cursor is where it was
 */
export async function runTask(
  task: TaskName,
  dependencies: JobDependencies,
): Promise<'goes on' | 'ended' | 'not due' | 'done by another'> {
  const { database, work } = dependencies;
  const { isDue, step } = TASKS[task];
  if (isDue !== undefined && !(await isDue(dependencies))) return 'not due';
  const [row] = await database.query(selectTask(task));
  const before = toTask(row);
  const { findings, cursor, next } = await step(before.cursor, dependencies);
  const found = merged(before.findings, findings);
  const isEnd = next === 'done';
  const [kept] = await database.query(
    keepStep({ task, cursor, findings: found, isEnd }, before.step),
  );
  if (kept === undefined) return 'done by another';
  if (!isEnd) {
    await enqueueJob(work, { task }, next.afterSeconds);
    return 'goes on';
  }
  log('info', 'maintenance', { task, findings: JSON.stringify(found) });
  return 'ended';
}

/** Of lists so many are kept: who needs more looks into the log. */
const MAX_LISTED = 100;

function merged(before: Findings, now: Findings): Findings {
  const all: Findings = { ...before };
  for (const [name, value] of Object.entries(now)) {
    const known = all[name];
    if (Array.isArray(value)) {
      all[name] = [...(Array.isArray(known) ? known : []), ...value].slice(0, MAX_LISTED);
    } else all[name] = (typeof known === 'number' ? known : 0) + value;
  }
  return all;
}
