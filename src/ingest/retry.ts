/** The faults, and how each is tried again. Pure. */

/** Why something could not be loaded, as far as it decides what to do next. */
export type FaultKind =
  | 'database_unavailable'
  | 'archive_unavailable'
  | 'body_gone'
  | 'person_gone'
  /** The database takes no request of this size. */
  | 'request_too_large'
  /** The decoder, or Postgres with a code that says so, refuses what the slice holds. */
  | 'not_loadable'
  /** It may be the slice, or anything else. */
  | 'unexplained';

export interface RetryPolicy {
  /** In all, the first included. */
  attempts: number;
  firstSeconds: number;
  longestSeconds: number;
}

/** Services come back, so that they are waited for as long as the queue keeps a message. */
const SERVICE: RetryPolicy = {
  attempts: Number.POSITIVE_INFINITY,
  firstSeconds: 2,
  longestSeconds: 600,
};

export const RETRY_POLICIES: Readonly<Record<FaultKind, RetryPolicy>> = {
  database_unavailable: SERVICE,
  archive_unavailable: SERVICE,
  person_gone: { attempts: 1, firstSeconds: 1, longestSeconds: 1 },
  body_gone: { attempts: 3, firstSeconds: 5, longestSeconds: 60 },
  request_too_large: { attempts: 1, firstSeconds: 1, longestSeconds: 1 },
  // What is wrong with a slice itself does not go away.
  not_loadable: { attempts: 2, firstSeconds: 1, longestSeconds: 1 },
  // 10 + 20 + 40 + 80 + 160 + 320 + 600 s: twenty minutes, in which a page server comes back.
  unexplained: { attempts: 8, firstSeconds: 10, longestSeconds: 600 },
};

/** What is wrong is not the items: the slice waits, and whoever operates the server is alarmed. */
export const SUSPICIOUS_SECONDS = 600;

/** @param attempts that have ended so; `null`: there have been enough. */
export function delayAfter(kind: FaultKind, attempts: number, random = Math.random): number | null {
  const policy = RETRY_POLICIES[kind];
  return attempts < policy.attempts ? delayOf(policy, attempts, random) : null;
}

/** Doubles with each attempt; the jitter keeps the slices of one upload from all coming back at once. */
function delayOf(
  { firstSeconds, longestSeconds }: RetryPolicy,
  attempts: number,
  random: () => number,
): number {
  const doubled = firstSeconds * 2 ** Math.min(attempts - 1, 10);
  return Math.round(Math.min(doubled, longestSeconds) * (0.75 + random() / 2));
}
