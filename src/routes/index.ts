import type { Operation } from '../http/operation.ts';
import { aggregateRoutes } from './aggregates.ts';
import { listAudit } from './audit.ts';
import { checkPayload } from './check.ts';
import { showCoverage } from './coverage.ts';
import { docsRoutes } from './docs.ts';
import { downloadExport } from './download.ts';
import { ecgRoutes } from './ecg.ts';
import { erasureRoutes } from './erase.ts';
import { eventRoutes } from './events.ts';
import { exportRoutes } from './exports.ts';
import { goalProgress } from './goal-progress.ts';
import { goalRoutes } from './goals.ts';
import { healthRoutes } from './health.ts';
import { detailedHealth } from './health-detailed.ts';
import { showHome } from './home.ts';
import { getIngestion, listIngestions } from './ingestions.ts';
import { jobRoutes } from './jobs.ts';
import { keyRoutes } from './keys.ts';
import { listMetrics } from './metrics.ts';
import { officialSync } from './official.ts';
import { openApiRoute } from './openapi.ts';
import { listPartitions } from './partitions.ts';
import { preferenceRoutes } from './preferences.ts';
import { metricsText } from './prometheus.ts';
import { reconcileNow } from './reconcile.ts';
import { replayIngestion } from './replay.ts';
import { routeRoutes } from './routes.ts';
import { listSamples } from './samples.ts';
import { schemaRoutes } from './schemas.ts';
import { sleepRoutes } from './sleep.ts';
import { sourcePreferenceRoutes } from './source-preferences.ts';
import { showStats } from './stats.ts';
import { showSummary } from './summary.ts';
import { sync } from './sync.ts';
import { workoutRoutes } from './workouts.ts';

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
  ...aggregateRoutes,
  ...sleepRoutes,
  ...workoutRoutes,
  ...routeRoutes,
  ...ecgRoutes,
  ...eventRoutes,
  ...preferenceRoutes,
  ...sourcePreferenceRoutes,
  ...goalRoutes,
  goalProgress,
  showSummary,
  showCoverage,
  showStats,
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
  showHome,
  ...docsRoutes,
  openApiRoute(() => OPERATIONS),
];
