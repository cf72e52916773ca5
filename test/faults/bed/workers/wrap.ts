import { setClock } from './clock.ts';
import { openRemoteBucket } from './remote-bucket.ts';
import { openRemoteQueue } from './remote-queue.ts';

/** Variables that the bed adds to those of a Worker. */
export interface BedVars {
  /** Where R2 is spoken to. */
  CLOUD_URL: string;
  /** Where queues are spoken to. */
  BROKER_URL: string;
  /** Binding by binding the queue's name, as JSON. */
  BED_QUEUES: string;
  /** What the Worker's clock is ahead, in milliseconds. */
  CLOCK_SKEW_MS?: string;
}

/** Sets the clock for one request, which is otherwise ahead as the variable says. */
export const CLOCK_HEADER = 'bed-clock-skew-ms';

/**
 * The environment as in production, but that the archive and the queues are those of the bed.
 * @param skew of the clock, if the request names one
 */
export function wrap<E extends object>(env: E, skew: string | null = null): E {
  const vars = env as E & BedVars;
  setClock(Number(skew ?? vars.CLOCK_SKEW_MS ?? 0));
  const names = JSON.parse(vars.BED_QUEUES) as Record<string, string>;
  const queues = Object.entries(names).map(([binding, name]) => [
    binding,
    openRemoteQueue(`${vars.BROKER_URL}/${name}`),
  ]);
  return { ...env, ...Object.fromEntries(queues), RAW: openRemoteBucket(vars.CLOUD_URL) };
}
