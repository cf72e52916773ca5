import { instantOf, type Row, type Statement } from '../database.ts';
import type { Json } from '../model.ts';

/** When a task of upkeep last ran, and what it found. */
export interface UpkeepRun {
  task: string;
  ranAt: number;
  findings: Json;
}

export const keepRun = (task: string, findings: object): Statement => ({
  text: `
    insert into upkeep_runs (task, ran_at, findings)
    values ($1, clock_timestamp(), $2::jsonb)
    on conflict (task) do update set ran_at = excluded.ran_at, findings = excluded.findings`,
  params: [task, JSON.stringify(findings)],
});

export const SELECT_RUNS: Statement = {
  text: 'select task, ran_at, findings from upkeep_runs order by task',
  params: [],
};

export const toRun = (row: Row): UpkeepRun => ({
  task: String(row.task),
  ranAt: instantOf(row.ran_at),
  findings: row.findings as Json,
});
