import type { Database } from '../database.ts';
import type { ApiSettings } from '../env.ts';
import type { Identity } from '../model.ts';
import type { Redis } from '../redis.ts';
import type { Trace } from '../telemetry/trace.ts';
import type { QuotaState } from './allowance.ts';

/** What the steps before a handler have found out about the request. */
export interface Variables {
  settings: ApiSettings;
  database: Database;
  /** One client a request, made when it is first asked for: commands of the same moment share a round trip. */
  redis: () => Redis;
  correlationId: string;
  trace: Trace;
  /** Items that the request was about, for its line of log. */
  records: number | null;
  /** Set on every route that needs a key. */
  identity: Identity;
  /** Of an upload; `null` where Redis cannot tell. */
  quota: QuotaState | null;
}

export interface AppEnv {
  Bindings: Readonly<Env>;
  Variables: Variables;
}
