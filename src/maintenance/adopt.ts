import { InvalidJson } from '../hae/scan.ts';
import { dispatch } from '../ingest/dispatch.ts';
import { faultOf } from '../ingest/faults.ts';
import { recut } from '../ingest/recut.ts';
import { log } from '../log.ts';
import { selectWithoutReceipt } from '../store/find-open.ts';
import { receivedAtOf } from '../store/find-receipts.ts';
import { type ArchiveHours, type ArchivePosition, listHour } from '../store/list-raw.ts';
import { BodyDamaged, BodyGone, rejectRaw } from '../store/raw.ts';
import { placeOf, type RawPlace } from '../store/raw-keys.ts';
import { countFindings } from './count.ts';
import type { MaintenanceDependencies } from './dependencies.ts';

/** What became of raw objects that no receipt knows. */
export interface Adopted {
  /** Raw objects that were looked at. */
  bodies: number;
  /** Those that have their receipt now, and whose slices were sent. */
  adopted: number;
  /** Those that are no payloads, and were moved to `rejected/`. */
  rejected: number;
  /** Those from before bodies described themselves, damaged ones, and those that `again` names. */
  left: number;
}

/** What a run may take: a listing and two queries for each page, and some five requests for each body. */
export interface AdoptBudget {
  pages: number;
  bodies: number;
  /** Of bodies, which are read whole: 42 ms of CPU a MB. */
  bytes: number;
}

type AdoptDependencies = MaintenanceDependencies & { budget: AdoptBudget };

/** Whoever walks keeps the keys of so many bodies for another look. Where there are more, a walk does not go on. */
const MAX_LEFT = 100;

export interface Walked {
  adopted: Adopted;
  /** Keys of bodies that could not be looked at, or have no receipt although they were: a service was away. */
  again: string[];
  /** Where to go on; `null` if that was all. */
  next: ArchivePosition | null;
  /** Whether more bodies were left than may be kept: the page at `next` is to be walked once more, later. */
  isHeldUp: boolean;
}

/**
 * The archive is the truth: a body without a receipt is one whose upload ended between the two, and which nothing
 * else knows any more. It says itself what it is, and is loaded like any other. The budget shrinks.
 * @param from with the keys that are kept already
 */
export async function adoptHours(
  hours: ArchiveHours,
  from: { position: ArchivePosition; again: readonly string[] },
  dependencies: AdoptDependencies,
): Promise<Walked> {
  const { bucket, budget, sweepAfterSeconds } = dependencies;
  const adopted: Adopted = { bodies: 0, adopted: 0, rejected: 0, left: 0 };
  const again = [...from.again];
  let next: ArchivePosition | null = from.position;
  while (next !== null && budget.pages > 0 && !isSpent(budget)) {
    budget.pages--;
    const position: ArchivePosition = next;
    const page = await listHour(bucket, hours, position);
    // The request of a body that has just come whole is still at work.
    const youngest = Date.now() - sweepAfterSeconds * 1000;
    const old = page.objects.filter(({ storedAt }) => storedAt < youngest);
    const looked = await adoptBodies(old, dependencies);
    adopted.bodies += page.objects.length;
    for (const outcome of OUTCOMES) adopted[outcome] += looked.times[outcome];
    if (again.length + looked.again.length > MAX_LEFT) {
      log('error', 'adoption held up', { hour: position.hour });
      return { adopted, again, next: position, isHeldUp: true };
    }
    again.push(...looked.again);
    next = looked.last === null ? page.next : { hour: position.hour, after: looked.last };
  }
  return { adopted, again, next, isHeldUp: false };
}

/** Looks at bodies once more that a walk has left. The budget shrinks. */
export async function adoptAgain(
  keys: readonly string[],
  dependencies: AdoptDependencies,
): Promise<Pick<Walked, 'adopted' | 'again'>> {
  const bodies = keys.flatMap((key) => {
    const place = placeOf(key);
    return place === null ? [] : [{ key, ...place }];
  });
  const { times, again, last } = await adoptBodies(bodies, dependencies);
  const notLookedAt = last === null ? [] : keys.slice(keys.indexOf(last) + 1);
  return { adopted: { bodies: keys.length, ...times }, again: [...again, ...notLookedAt] };
}

const isSpent = ({ bodies, bytes }: AdoptBudget): boolean => bodies <= 0 || bytes <= 0;

const OUTCOMES = ['adopted', 'rejected', 'left'] as const;
type Outcome = (typeof OUTCOMES)[number];

type Body = RawPlace & { key: string };

interface Looked {
  times: Record<Outcome, number>;
  again: string[];
  /** The last that the budget was enough for; `null`: for all. */
  last: string | null;
}

/** One after the other, until the budget is spent. */
async function adoptBodies(
  bodies: readonly Body[],
  { budget, ...dependencies }: AdoptDependencies,
): Promise<Looked> {
  const sent: Body[] = [];
  const again: string[] = [];
  const times = { adopted: 0, rejected: 0, left: 0 };
  let last: string | null = null;
  for (const body of await withoutReceipt(bodies, dependencies)) {
    const { outcome, bytes } = await adopt(body, dependencies);
    if (outcome === 'sent') sent.push(body);
    else if (outcome === 'away') again.push(body.key);
    else times[outcome]++;
    budget.bodies--;
    budget.bytes -= bytes;
    if (!isSpent(budget)) continue;
    last = body.key;
    break;
  }
  // Database and queue may both have been away: then nothing knows the body still.
  const unknown = await withoutReceipt(sent, dependencies);
  again.push(...unknown.map(({ key }) => key));
  times.adopted = sent.length - unknown.length;
  times.left += again.length;
  countFindings({ bodies_adopted: times.adopted, bodies_rejected: times.rejected });
  return { times, again, last };
}

/** Of people who are here to stay: those of others are erased. In the order in which they are given. */
async function withoutReceipt(
  bodies: readonly Body[],
  { database }: MaintenanceDependencies,
): Promise<Body[]> {
  if (bodies.length === 0) return [];
  const uploads = bodies.map(({ ingestionId: id, userId }) => {
    return { id, userId, receivedAt: receivedAtOf(id) };
  });
  const missing = await database.query(selectWithoutReceipt(uploads));
  const ids = new Set(missing.map(({ id }) => String(id)));
  return bodies.filter(({ ingestionId }) => ids.has(ingestionId));
}

interface Adoption {
  /** `away`: the archive could not be read, which passes. */
  outcome: 'sent' | 'rejected' | 'left' | 'away';
  /** That were read for it. */
  bytes: number;
}

async function adopt(
  { key, ingestionId }: Body,
  dependencies: MaintenanceDependencies,
): Promise<Adoption> {
  const { bucket, sliceBytes } = dependencies;
  try {
    const { described, ...received } = await recut(bucket, key, sliceBytes);
    const { bytes } = received.archived;
    if (described === null) return { outcome: 'left', bytes };
    if (!received.isPayload) return await reject(key, bytes, dependencies);
    await dispatch(described, { ...received, body: null }, { ...dependencies, deferSeconds: null });
    return { outcome: 'sent', bytes };
  } catch (error) {
    if (error instanceof InvalidJson) return reject(key, error.offset, dependencies);
    log('warn', 'body not adopted', { ingestion_id: ingestionId, fault: faultOf(error) });
    const isForGood = error instanceof BodyGone || error instanceof BodyDamaged;
    return { outcome: isForGood ? 'left' : 'away', bytes: 0 };
  }
}

/** Its upload ended before it could be refused. */
async function reject(
  key: string,
  bytes: number,
  { bucket }: MaintenanceDependencies,
): Promise<Adoption> {
  await rejectRaw(bucket, key);
  return { outcome: 'rejected', bytes };
}
