import type { Row, Statement } from '../database.ts';
import type { Json } from '../model.ts';

/** How far the tasks of maintenance have come (migrations/0029). */

/** What the steps of a run have found: counts, and lists of ids or names. */
export type Findings = Record<string, number | string[]>;

export interface TaskState {
  /** Where the next step goes on; `null`: from the beginning. */
  cursor: Json;
  /** Of the run that is under way. */
  findings: Findings;
  /** How many steps were done, ever; 0: none. */
  step: number;
}

export const selectTask = (task: string): Statement => ({
  text: 'select cursor, findings, step from maintenance_tasks where task = $1',
  params: [task],
});

export const toTask = (row: Row | undefined): TaskState =>
  row === undefined
    ? { cursor: null, findings: {}, step: 0 }
    : {
        cursor: row.cursor as Json,
        findings: row.findings as Findings,
        step: Number(row.step),
      };

export interface DoneStep {
  task: string;
  cursor: Json;
  findings: Findings;
  /** Whether the run ends with it. */
  isEnd: boolean;
}

/** Keeps a step, and the run that ends with it. No row: another has done this step meanwhile. @param step the one before */
export const keepStep = ({ task, cursor, findings, isEnd }: DoneStep, step: number): Statement => ({
  text: `
    with kept as (
      insert into maintenance_tasks (task, cursor, findings, step)
      values ($1, $2::jsonb, case when $4::boolean then '{}' else $3::jsonb end, 1)
      on conflict (task) do update set
        cursor = excluded.cursor, findings = excluded.findings,
        step = maintenance_tasks.step + 1, stepped_at = clock_timestamp()
      where maintenance_tasks.step = $5::bigint
      returning task
    ),
    ran as (
      insert into upkeep_runs (task, ran_at, findings)
      select task, clock_timestamp(), $3::jsonb from kept where $4::boolean
      on conflict (task) do update set ran_at = excluded.ran_at, findings = excluded.findings
    )
    select task from kept`,
  params: [
    task,
    cursor === null ? null : JSON.stringify(cursor),
    JSON.stringify(findings),
    String(isEnd),
    step,
  ],
});
