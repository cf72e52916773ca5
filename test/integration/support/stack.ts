import { type Stack, type StackOptions, startStack } from '../../../local/stack/stack.ts';
import type { SliceMessage } from '../../../src/ingest/message.ts';
import { CRONS, type TaskName } from '../../../src/maintenance/crons.ts';
import type { KeyKind, Receipt } from '../../../src/model.ts';
import { type KeyOptions, newKeyIn } from './keys.ts';

/** The whole system for one test file, and what tests ask of it. */

export interface Person {
  id: string;
  keys: Record<KeyKind, string>;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** The envelope, or the problem document. */
  body: {
    success: boolean;
    data: Receipt;
    error?: string;
    detail?: string;
    errors?: { pointer: string; code: string; message: string }[];
    pagination?: { has_next: boolean; next_cursor: string | null };
    correlation_id: string;
  };
}

export interface TestStack {
  stack: Stack;
  /** What the Workers have logged. */
  logs: string[];
  newPerson(limits?: { requestsPerHour?: number; bytesPerHour?: number }): Promise<Person>;
  newKey(personId: string, kind: KeyKind, options?: KeyOptions): Promise<string>;
  call(path: string, key: string | null, init?: RequestInit): Promise<Answer>;
  post(person: Person, body: BodyInit, headers?: Record<string, string>): Promise<Answer>;
  /** Posts, waits until the receipt is closed, and returns it. */
  upload(person: Person, body: BodyInit, headers?: Record<string, string>): Promise<Receipt>;
  closed(person: Person, id: string): Promise<Receipt>;
  /** All that is stored of a person, in a steady order. */
  rows(person: Person): Promise<Record<string, string | null>[]>;
  /** Keys of the bodies that are kept of a person. */
  archived(person: Person): Promise<string[]>;
  archive(): Promise<Archive>;
  /** How many receipts a person has, closed or not. */
  receipts(person: Person): Promise<number>;
  /** Hands messages to the consumer, as the API does. */
  enqueue(messages: readonly SliceMessage[]): Promise<void>;
  /** Runs a cron trigger of the consumer, and its tasks to their end. */
  ring(cron: keyof typeof CRONS): Promise<void>;
}

/** What tests need of R2. */
interface Archive {
  list(options: {
    prefix: string;
    include?: ['customMetadata'];
  }): Promise<{ objects: { key: string; customMetadata?: Record<string, string> }[] }>;
  get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | null>;
  put(
    key: string,
    body: string | ArrayBuffer,
    options?: { customMetadata: Record<string, string> },
  ): Promise<unknown>;
  delete(key: string): Promise<unknown>;
}

/** What tests need of a Worker that has a clock. */
interface Clock {
  scheduled(options: { cron: string }): Promise<{ outcome: string }>;
}

/** Servers of CI, where it has started real ones. */
const real = {
  databaseUrl: process.env.TEST_DATABASE_URL ?? null,
  redisUrl: process.env.TEST_REDIS_URL ?? null,
};

const PATIENCE_MS = 60_000;
const ROOMY = { requestsPerHour: 1_000_000, bytesPerHour: 1_000_000_000 };

export async function startTestStack(
  vars: Record<string, string> = {},
  options: Partial<StackOptions> = {},
): Promise<TestStack> {
  const logs: string[] = [];
  const stack = await startStack({
    ...real,
    dataDir: null,
    vars: { RECOMPUTE_AFTER_SECONDS: '1', ...vars },
    ...options,
    onLog: (line) => logs.push(line),
  });

  const newKey: TestStack['newKey'] = (userId, kind, options) =>
    newKeyIn(stack.query, { userId, kind }, options);

  const newPerson: TestStack['newPerson'] = async (limits = ROOMY) => {
    const [row] = await stack.query(
      `insert into users (email, time_zone) values ($1, 'Europe/Vienna') returning id`,
      [`${crypto.randomUUID()}@example.org`],
    );
    const id = String(row?.id);
    const columns = {
      ...(limits.requestsPerHour && { requests_per_hour: String(limits.requestsPerHour) }),
      ...(limits.bytesPerHour && { bytes_per_hour: String(limits.bytesPerHour) }),
    };
    const [ing, read, admin] = await Promise.all([
      newKey(id, 'ing', { columns }),
      newKey(id, 'read', { columns }),
      newKey(id, 'admin', { columns }),
    ]);
    return { id, keys: { ing, read, admin } };
  };

  const call: TestStack['call'] = async (path, key, init = {}) => {
    const response = await fetch(`${stack.url}${path}`, {
      ...init,
      headers: {
        ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
        // Each call from an address of its own: the limit of attempts is not what most tests are about.
        'CF-Connecting-IP': `10.${[1, 2, 3].map(() => Math.floor(Math.random() * 256)).join('.')}`,
        ...(init.headers as Record<string, string>),
      },
      ...(init.body instanceof ReadableStream ? { duplex: 'half' } : {}),
    } as RequestInit);
    const { status, headers } = response;
    return { status, headers, body: (await response.json()) as Answer['body'] };
  };

  const post: TestStack['post'] = (person, body, headers = {}) =>
    call('/api/v1/sync', person.keys.ing, { method: 'POST', body, headers });

  const closed: TestStack['closed'] = async (person, id) => {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
      const { body } = await call(`/api/v1/ingestions/${id}`, person.keys.ing);
      if (body.data?.completed_at) return body.data;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`The receipt ${id} does not close.`);
  };

  // Miniflare types its R2 by the types of the runtime, which the tests in Node do not have.
  const archive = async () =>
    (await stack.miniflare.getR2Bucket('RAW', 'api')) as unknown as Archive;

  return {
    archive,
    stack,
    logs,
    newPerson,
    newKey,
    call,
    post,
    closed,
    upload: async (person, body, headers) => {
      const { status, body: answer } = await post(person, body, headers);
      if (!answer.success) throw new Error(`The upload was refused: ${status} ${answer.error}`);
      return closed(person, answer.data.id);
    },
    rows: (person) => stack.query(ALL_ROWS, [person.id]),
    receipts: async (person) => {
      const rows = await stack.query('select 1 from ingestions where user_id = $1', [person.id]);
      return rows.length;
    },
    enqueue: async (messages) => {
      const queue = await stack.miniflare.getQueueProducer<SliceMessage>('SLICES', 'api');
      await queue.sendBatch(messages.map((body) => ({ body, contentType: 'json' as const })));
    },
    ring: async (cron) => {
      const worker = (await stack.miniflare.getWorker('consumer')) as unknown as Clock;
      const before = logs.length;
      const { outcome } = await worker.scheduled({ cron });
      if (outcome !== 'ok') throw new Error(`The cron ${cron} ended as ${outcome}.`);
      await untilDone(CRONS[cron], () => logs.slice(before));
    },
    archived: async (person) => {
      const bucket = await archive();
      const listed = await Promise.all(
        ['raw', 'rejected'].map((prefix) => bucket.list({ prefix: `${prefix}/` })),
      );
      const keys = listed.flatMap(({ objects }) => objects.map(({ key }) => key));
      return keys.filter((key) => key.includes(person.id));
    },
  };
}

/** A task that goes on step by step has a line for each. */
async function untilDone(tasks: readonly TaskName[], lines: () => string[]): Promise<void> {
  const isDone = (task: TaskName) =>
    lines().some(
      (line) =>
        line.includes(`"task":"${task}"`) &&
        (line.includes('"outcome":"ended"') || line.includes('"outcome":"not due"')),
    );
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
    if (tasks.every(isDone)) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`These tasks do not end: ${tasks.filter((task) => !isDone(task)).join(', ')}`);
}

const ALL_ROWS = `
  select metric, source, grouping, context, unit, at, numbers
  from series
  join (
    select series_id, recorded_at as at, concat_ws(' ', value, min, max, ended_at) as numbers from samples
    union all
    select series_id, recorded_at, concat_ws('/', systolic, diastolic, pulse) from blood_pressure
    union all
    select series_id, ended_at, concat_ws(' ', began_at, day, total, core, deep, rem, awake) from sleep_nights
    union all
    select series_id, started_at, concat_ws(' ', stage, ended_at) from sleep_stages
    union all
    select series_id, started_at, concat_ws(' ', class, points) from ecg_recordings
  ) as every on every.series_id = series.id
  where user_id = $1::uuid
  union all
  select 'workouts', source, '', '', '', started_at, concat_ws(' ', external_id, fingerprint)
  from workouts where user_id = $1::uuid
  union all
  select kind, source, '', '', '', started_at, concat_ws(' ', key, fingerprint)
  from events where user_id = $1::uuid
  order by metric, unit, source, grouping, context, at, numbers`;
