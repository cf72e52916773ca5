import { expect } from 'vitest';
import { memoryOf, newestWorkerd } from '../../../bench/machine.ts';
import { MAX_ISSUES, MAX_ISSUES_ALIKE } from '../../../src/codes.ts';
import type { Answer, Person, TestStack } from '../../integration/support/stack.ts';
import { expectServed, newBystander, p95, type Watch, watch } from './bystander.ts';

/**
 * One attack beside a bystander: the attacker has an ordinary key of each kind with the quotas of an installation as it
 * comes. Whatever is sent, it is answered, the bystander is served, and what stays is within the caps.
 */

export interface Attacker extends Person {
  /** Sends a request, and remembers how it was answered. */
  send(path: string, kind: 'ing' | 'read' | null, init?: RequestInit): Promise<Answer>;
}

export interface Attack {
  name: string;
  run(attacker: Attacker): Promise<unknown>;
}

export interface Report {
  /** Answers that the bystander got meanwhile. */
  answers: number;
  idleP95: number;
  p95: number;
  longest: number;
  memory: number;
  /** How often the attacker got each status. */
  statuses: Record<string, number>;
}

export interface UnderAttack {
  run(attack: Attack): Promise<Report>;
}

/**
 * Beside the factor of two, for the noise of a machine that all tests share: it has the attacker's client, the database,
 * and whatever else runs, on a few cores. The stalls that this finds were of 5 to 35 seconds.
 */
const NOISE_MS = 1_000;
const FACTOR = 2;
/** One single answer may meet a pause of the machine, of 4 seconds where ten others worked on it. Stalls went up to 35. */
const MAX_WAIT_MS = 8_000;
/** A receipt that goes through the queue is closed within. */
const MAX_DELAY_MS = 15_000;
/**
 * Both isolates live in one process here, and each may have 128 MB in production. It counts what the process has grown by,
 * garbage included; what one request holds is measured by the bench.
 */
const MAX_MEMORY_MB = 256;
/**
 * What a request may leave for V8 to collect: here no isolate has a limit, and V8 collects late. A Worker that answers with a
 * letter leaves 8 to 19 KB a request in Miniflare, ours 25 to 55: the bound of a flood counts the requests that came.
 */
const GARBAGE_KB = 64;
/** Of the newest 36 months that are missing, one each for samples, and the tables of receipts. */
const MAX_PARTITIONS = 60;
/** Of one slice of half a megabyte (hae/collect.ts). */
const MAX_SERIES_A_SLICE = 2_000;
const IDLE_LOOKS = 10;
/** Two answers each: enough that the 95th of a hundred is not the worst of all. */
const LOOKS = 20;

/** An answer that says that a part of the stack is away is none that an attacker may bring about by requests of theirs. */
const isAllowed = (status: number): boolean => status < 500 || status === 503;

export async function putUnderAttack(
  test: TestStack,
  { isTimed, maxMemoryMb = MAX_MEMORY_MB }: { isTimed: boolean; maxMemoryMb?: number },
): Promise<UnderAttack> {
  const bystander = await newBystander(test);
  const look = (isOver: () => boolean, leastLooks: number) =>
    watch(test, bystander, { isOver, leastLooks });
  // Cold caches and the first plans are nobody's fault.
  await look(() => true, LOOKS);
  const pid = newestWorkerd();

  const run: UnderAttack['run'] = async (attack) => {
    const statuses: Record<string, number> = {};
    const attacker = await newAttacker(test, statuses);
    const before = await shared(test);
    // The machine is as busy as it is just now, so idle is measured beside each attack.
    const idle = await look(() => true, IDLE_LOOKS);
    const memory = watchMemory(pid);
    let isOver = false;
    const attacking = attack.run(attacker).finally(() => {
      isOver = true;
    });
    const under = Promise.all([look(() => isOver, LOOKS), attacking]);
    const [watched] = await under.finally(memory.end);
    const report = {
      answers: watched.latencies.length,
      idleP95: Math.round(p95(idle.latencies)),
      p95: Math.round(p95(watched.latencies)),
      longest: Math.round(Math.max(...watched.latencies)),
      memory: Math.round(memory.end()),
      statuses,
    };
    console.log(attack.name, report);
    expect(newestWorkerd(), 'the process of the Workers').toBe(pid);
    expect(Object.keys(statuses).filter((status) => !isAllowed(Number(status)))).toEqual([]);
    await expectServed(test, bystander, { watched, maxDelayMs: MAX_DELAY_MS });
    if (isTimed) expectInTime(idle, watched);
    const answers = Object.values(statuses).reduce((sum, count) => sum + count, report.answers);
    const most = maxMemoryMb + (answers * GARBAGE_KB) / 1024;
    expect(report.memory, 'MB above what the Workers held').toBeLessThan(most);
    await expectFewRows(test, attacker, before);
    return report;
  };
  return { run };
}

async function newAttacker(test: TestStack, statuses: Record<string, number>): Promise<Attacker> {
  const person = await test.newPerson({});
  return {
    ...person,
    send: async (path, kind, init) => {
      const answer = await test.call(path, kind === null ? null : person.keys[kind], init);
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      return answer;
    },
  };
}

function expectInTime(idle: Watch, watched: Watch): void {
  const bound = Math.max(FACTOR * p95(idle.latencies), p95(idle.latencies) + NOISE_MS);
  expect(p95(watched.latencies), 'p95 of the bystander').toBeLessThan(bound);
  const longest = Math.max(...idle.latencies) + MAX_WAIT_MS;
  expect(Math.max(...watched.latencies), 'longest wait of the bystander').toBeLessThan(longest);
}

const POLL_MS = 25;

/** Resident memory of a process, until `end`, which says by how many MB it has grown at most. */
function watchMemory(pid: number): { end(): number } {
  const before = memoryOf(pid);
  let peak = before;
  const polling = setInterval(() => {
    peak = Math.max(peak, memoryOf(pid));
  }, POLL_MS);
  return {
    end: () => {
      clearInterval(polling);
      return peak - before;
    },
  };
}

interface Shared {
  partitions: number;
  metrics: number;
}

async function shared(test: TestStack): Promise<Shared> {
  const [row] = await test.stack.query(
    `select (select count(*) from partition_report) as partitions,
       (select count(*) from metrics) as metrics`,
  );
  return { partitions: Number(row?.partitions), metrics: Number(row?.metrics) };
}

/** What the attacker leaves behind. */
async function expectFewRows(test: TestStack, { id }: Person, before: Shared): Promise<void> {
  const [row] = await test.stack.query(
    `select
       (select coalesce(max(n), 0) from (
         select count(*) as n from set_aside where ingestion_id in (select id from ingestions where user_id = $1::uuid)
         group by ingestion_id) as each) as issues,
       (select coalesce(max(n), 0) from (
         select count(*) as n from set_aside where ingestion_id in (select id from ingestions where user_id = $1::uuid)
         group by ingestion_id, metric, code) as each) as alike,
       (select count(*) from series where user_id = $1::uuid) as series,
       (select coalesce(sum(slices_total), 0) from ingestions where user_id = $1::uuid) as slices`,
    [id],
  );
  expect(Number(row?.issues), 'issues of a receipt').toBeLessThanOrEqual(MAX_ISSUES);
  expect(Number(row?.alike), 'issues alike').toBeLessThanOrEqual(MAX_ISSUES_ALIKE);
  expect(Number(row?.series), 'series').toBeLessThanOrEqual(
    MAX_SERIES_A_SLICE * Number(row?.slices),
  );
  const after = await shared(test);
  expect(after.metrics, 'rows of the catalogue').toBe(before.metrics);
  expect(after.partitions - before.partitions, 'new partitions').toBeLessThanOrEqual(
    MAX_PARTITIONS,
  );
}
