import type { Json } from '../model.ts';
import type { Findings } from '../store/maintenance-tasks.ts';
import type { JobDependencies } from './dependencies.ts';

/** What a step has done, and what comes after it. */
export interface TaskStep {
  findings: Findings;
  /** Where the next step goes on, of this run or of the next. */
  cursor: Json;
  /** `done`: nothing is left to do in this run. */
  next: 'done' | { afterSeconds: number };
}

export interface Task {
  /** Asked first, and of no database: one that sleeps is left asleep. */
  isDue?(dependencies: JobDependencies): Promise<boolean>;
  step(cursor: Json, dependencies: JobDependencies): Promise<TaskStep>;
}
