/** Everything that is measured: the families of `GET /metrics`. The boards and alerts in docs/grafana name them. */

interface Family {
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  labels: readonly string[];
}

/** Bounds of all histograms, in seconds. */
export const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Counted as it happens, in Redis. */
export const COUNTED = {
  http_requests_total: {
    type: 'counter',
    help: 'Requests, by route and status.',
    labels: ['endpoint', 'status'],
  },
  http_request_duration_seconds: {
    type: 'histogram',
    help: 'Time from the first byte of a request to its answer.',
    labels: ['endpoint'],
  },
  errors_total: {
    type: 'counter',
    help: 'Refusals and failures, by the code that the client was told.',
    labels: ['error'],
  },
  quota_total: {
    type: 'counter',
    help: 'Requests over their hourly quota: refused, or deferred behind the rest.',
    labels: ['outcome'],
  },
  upload_bytes_total: { type: 'counter', help: 'Bytes of archived bodies.', labels: [] },
  items_total: {
    type: 'counter',
    help: 'Items of loaded slices, by what became of them; receipts have them by metric.',
    labels: ['outcome'],
  },
  batches_total: { type: 'counter', help: 'Batches of queue messages.', labels: ['queue'] },
  slices_total: {
    type: 'counter',
    help: 'Slices from a queue, by how they ended.',
    labels: ['queue', 'outcome'],
  },
  slice_duration_seconds: {
    type: 'histogram',
    help: 'Time to load a slice from a queue.',
    labels: ['queue'],
  },
  key_checks_total: {
    type: 'counter',
    help: 'Keys by where they were known: this isolate, Redis, the database, or nowhere, which costs a hash; while the database is away: verified before (outage), or recognised by the tag alone.',
    labels: ['known'],
  },
  database_requests_total: {
    type: 'counter',
    help: 'Round trips to Postgres, by outcome.',
    labels: ['outcome'],
  },
  database_duration_seconds: {
    type: 'histogram',
    help: 'Time of a round trip to Postgres.',
    labels: [],
  },
  upkeep_total: {
    type: 'counter',
    help: 'What upkeep has mended or found, by kind.',
    labels: ['finding'],
  },
} as const satisfies Record<string, Family>;

/** Asked for at each scrape. */
export const ASKED = {
  queue_messages: { type: 'gauge', help: 'Messages that wait in a queue.', labels: ['queue'] },
  queue_oldest_seconds: {
    type: 'gauge',
    help: 'Age of the oldest message that waits in a queue.',
    labels: ['queue'],
  },
  receipts_open: { type: 'gauge', help: 'Receipts that have not closed.', labels: [] },
  receipts_open_oldest_seconds: {
    type: 'gauge',
    help: 'Age of the oldest receipt that has not closed.',
    labels: [],
  },
  receipts_failed: { type: 'gauge', help: 'Uploads of the last day that failed.', labels: [] },
  receipts_not_closing: {
    type: 'gauge',
    help: 'Complete receipts that do not add up. Anything but 0 is an alarm.',
    labels: [],
  },
  last_upload_timestamp_seconds: {
    type: 'gauge',
    help: 'When a person last uploaded. The person is a keyed hash.',
    labels: ['person'],
  },
  upkeep_last_run_timestamp_seconds: {
    type: 'gauge',
    help: 'When a task of upkeep last ran.',
    labels: ['task'],
  },
  partitions_ahead_seconds: {
    type: 'gauge',
    help: 'How far ahead the partitions of samples reach.',
    labels: [],
  },
  database_up: { type: 'gauge', help: 'Whether Postgres answered this scrape.', labels: [] },
  build_info: {
    type: 'gauge',
    help: 'Always 1; the release is in the labels.',
    labels: ['version'],
  },
} as const satisfies Record<string, Family>;

export const FAMILIES: Readonly<Record<string, Family>> = { ...COUNTED, ...ASKED };

/** What stands before each name on the wire. */
export const PREFIX = 'self_sensored_';

type Labelled<F extends Family> = Record<F['labels'][number], string>;
export type CountedName = keyof typeof COUNTED;
export type AskedName = keyof typeof ASKED;
export type LabelsOf<N extends CountedName> = Labelled<(typeof COUNTED)[N]>;
