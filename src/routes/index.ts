import type { Operation } from '../http/operation.ts';
import { listAudit } from './audit.ts';
import { checkPayload } from './check.ts';
import { downloadExport } from './download.ts';
import { erasureRoutes } from './erase.ts';
import { exportRoutes } from './exports.ts';
import { healthRoutes } from './health.ts';
import { detailedHealth } from './health-detailed.ts';
import { getIngestion, listIngestions } from './ingestions.ts';
import { jobRoutes } from './jobs.ts';
import { keyRoutes } from './keys.ts';
import { listMetrics, listSamples } from './metrics.ts';
import { officialSync } from './official.ts';
import { listPartitions } from './partitions.ts';
import { metricsText } from './prometheus.ts';
import { reconcileNow } from './reconcile.ts';
import { replayIngestion } from './replay.ts';
import { schemaRoutes } from './schemas.ts';
import { sync } from './sync.ts';

/** Every route there is. What is not in this table does not exist. */
export const OPERATIONS: readonly Operation[] = [
  sync,
  officialSync,
  checkPayload,
  listIngestions,
  getIngestion,
  replayIngestion,
  listMetrics,
  listSamples,
  ...exportRoutes,
  downloadExport,
  ...erasureRoutes,
  ...keyRoutes,
  ...jobRoutes,
  reconcileNow,
  listAudit,
  listPartitions,
  ...schemaRoutes,
  ...healthRoutes,
  detailedHealth,
  metricsText,
];
