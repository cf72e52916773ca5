import type { ApiSettings } from '../env.ts';
import type { Identity } from '../model.ts';

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
  correlationId: string;
  /** Set on every route that needs a key. */
  identity: Identity;
  /** `null` where there is no quota, or Redis cannot tell. */
  quota: QuotaState | null;
}

export interface AppEnv {
  Bindings: Readonly<Env>;
  Variables: Variables;
}
