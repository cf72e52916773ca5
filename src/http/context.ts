import type { Database } from '../database.ts';
import type { ApiSettings } from '../env.ts';
import type { Identity } from '../model.ts';
import type { Trace } from '../telemetry/trace.ts';

/** How much of one hourly allowance is used, this request included. */
export interface Allowance {
  name: 'requests' | 'bytes';
  quota: number;
  used: number;
  /** Unix milliseconds at which the hour ends. */
  resetAt: number;
}

export interface QuotaState {
  requests: Allowance;
  bytes: Allowance;
}

/** What the steps before a handler have found out about the request. */
export interface Variables {
  settings: ApiSettings;
  database: Database;
  correlationId: string;
  trace: Trace;
  /** Items that the request was about, for its line of log. */
  records: number | null;
  /** Set on every route that needs a key. */
  identity: Identity;
  /** `null` where there is no quota, or Redis cannot tell. */
  quota: QuotaState | null;
}

export interface AppEnv {
  Bindings: Readonly<Env>;
  Variables: Variables;
}
