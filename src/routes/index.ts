import type { Operation } from '../http/operation.ts';
import { healthRoutes } from './health.ts';
import { getIngestion, listIngestions } from './ingestions.ts';
import { keyRoutes } from './keys.ts';
import { listMetrics, listSamples } from './metrics.ts';
import { sync } from './sync.ts';

/** Every route there is. What is not in this table does not exist. */
export const OPERATIONS: readonly Operation[] = [
  sync,
  listIngestions,
  getIngestion,
  listMetrics,
  listSamples,
  ...keyRoutes,
  ...healthRoutes,
];
