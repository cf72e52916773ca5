/** The nouns of the system as plain types. Instants are Unix milliseconds unless a name says otherwise. */

/** Whom the admin key of an installation acts for: it is nobody's, and outlives every person (migrations/0033). */
export const INSTALLATION = '00000000-0000-0000-0000-000000000000';

export type KeyKind = 'ing' | 'read' | 'admin';

/** Who a request acts for, as proven by its key. */
export interface Identity {
  keyId: string;
  kind: KeyKind;
  userId: string;
  /** IANA zone of the person, for dates that come without an offset. */
  timeZone: string;
  /** Limits of this key where they differ from the installation's. */
  requestsPerHour: number | null;
  bytesPerHour: number | null;
  /** After this instant the key no longer opens anything; `null` is never. */
  expiresAt: number | null;
}

/** How the numbers are grouped, as the app's header says; `unknown` where it was missing. */
export type Grouping =
  | 'default'
  | 'seconds'
  | 'minutes'
  | 'hours'
  | 'days'
  | 'weeks'
  | 'months'
  | 'years'
  | 'unknown'
  /** What has no buckets: nights, sleep stages, electrocardiograms. */
  | 'none'
  /** Numbers inside a workout, in whatever buckets the app was told to use there. */
  | 'workout';

/** What the `automation-*` and `session-id` headers of the app say, trimmed; absent ones are `null`. */
export interface Automation {
  name: string | null;
  id: string | null;
  aggregation: string | null;
  period: string | null;
  sessionId: string | null;
}

/** What a request says of its upload, whoever sends it. */
export interface Arrival {
  id: string;
  receivedAt: number;
  /** When what it says was known: later knowledge wins. A replay says what the upload said that it repeats. */
  saidAt: number;
  replayOf: string | null;
  correlationId: string;
  /** W3C Trace Context of the request, so that its trace goes on behind the queue. */
  traceparent: string | null;
  automation: Automation;
  idempotencyKey: string | null;
}

/** One upload. Known before anything is stored; travels with every slice. */
export interface Ingestion extends Arrival {
  userId: string;
  keyId: string;
  timeZone: string;
}

/** An upload whose key is genuine, but whose person cannot be looked up. */
export interface HeldUpload extends Arrival {
  lookup: string;
  /** HMAC of the whole key: it is compared with that of the row. */
  seal: string;
  gzip: boolean;
  contentType: string | null;
}

/** What is known of a body once it has passed: its size as archived, its hash, and where the archive is. */
export interface Archived {
  rawKey: string;
  bytes: number;
  sha256: string;
  /** How it was cut (see ingest/recut.ts): numbers of slices mean the same bytes only under the same cut. */
  cut: string;
}

/** Where a slice begins in the payload, so that its items can be named by their place in the raw body. */
export interface Place {
  /** JSON pointer of the section it begins in, `''` at the start of the body. */
  section: string;
  /** Index that the slice's first element has in that section. */
  element: number;
  /** Index that the first point of that element has, if it is a metric that an earlier slice began. */
  point: number;
}

/**
 * A byte range `[start, end)` of the raw body. `opening + bytes + closing` is a small payload by itself.
 */
export interface Slice {
  number: number;
  start: number;
  end: number;
  opening: string;
  closing: string;
  /** Items that the cut counted in it: what the decoder must account for, one by one. */
  items: number;
  place: Place;
}

/** The part of a sample's identity that is not its time. */
export interface SeriesIdentity {
  metric: string;
  /** Normalised source, `''` where the app named none. */
  source: string;
  grouping: Grouping;
  /** Meal time, insulin reason and the like; `''` for none. */
  context: string;
  /** Source as the app wrote it. */
  displayName: string;
  unit: string;
}

export interface Sample {
  recordedAt: number;
  value: number;
  min: number | null;
  max: number | null;
  endedAt: number | null;
}

export interface BloodPressure {
  recordedAt: number;
  systolic: number | null;
  diastolic: number | null;
  pulse: number | null;
}

/** Rows of one series, in order of time, one a moment. */
export interface SeriesRows<T> {
  series: SeriesIdentity;
  /** The values may raise what is stored, never shrink it: buckets that may be partial. */
  raiseOnly: boolean;
  rows: T[];
}

/** One night, or one nap, as the app sums it up. Spans in hours, `null` where the app said nothing. */
export interface Night {
  /** What a night is known by: a later window may cut off its beginning, never its end. */
  endedAt: number;
  beganAt: number | null;
  inBedFrom: number | null;
  inBedUntil: number | null;
  /** Local day of waking, `yyyy-mm-dd`. */
  day: string;
  /** Time asleep in all its stages. */
  total: number;
  /** Asleep, in no particular stage. */
  asleep: number | null;
  core: number | null;
  deep: number | null;
  rem: number | null;
  awake: number | null;
  inBed: number | null;
  /** Whether the total fits between beginning and end. Some builds of the app add nights up. */
  isPlausible: boolean;
  fingerprint: number;
}

/** A stretch of sleep in one stage, or of lying in bed beside them. */
export interface SleepStage {
  startedAt: number;
  endedAt: number;
  /** `core`, `deep`, `rem`, `awake`, `in_bed`, `asleep`, or the app's own word where it is not known. */
  stage: string;
  /** As the app wrote it. */
  label: string;
}

/** Texts, numbers, and what is made of them: ready to be written as JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export interface Electrocardiogram {
  startedAt: number;
  endedAt: number | null;
  /** As the app wrote it, in the language of the phone. */
  classification: string | null;
  /** What that means, where the word is known. */
  class: string | null;
  averageHeartRate: number | null;
  /** Hz */
  samplingFrequency: number | null;
  /** How many voltages the app says there are. */
  announced: number | null;
  /** Microvolt, evenly spaced from `startedAt` on. */
  voltages: number[];
  attributes: { [field: string]: Json };
  fingerprint: number;
}

/** A symptom, a dose, a state of mind, a heart rate notification, an entry of a cycle, a day's sexual activity. */
export interface HealthEvent {
  /** What it counts under in the receipt. */
  section: string;
  kind: EventKind;
  /** With kind and start what an event is known by. */
  key: string;
  /** The key alone finds the event, also if its start was corrected. */
  keyIsUnique: boolean;
  startedAt: number;
  endedAt: number | null;
  /** As the app wrote it. */
  name: string;
  /** What name and value mean, where the words are known. */
  code: string | null;
  value: string | null;
  valueCode: string | null;
  /** Dose, threshold, valence or count. */
  quantity: number | null;
  source: string;
  attributes: { [field: string]: Json };
  /** The quantity may raise what is stored, never shrink it. */
  raiseOnly: boolean;
  fingerprint: number;
}

export type EventKind =
  | 'symptom'
  | 'medication'
  | 'state_of_mind'
  | 'heart_rate_notification'
  | 'cycle_tracking'
  | 'sexual_activity';

/** Where a workout went, point by point, in order of time. */
export interface Route {
  points: number;
  fingerprint: number;
  /** Longitude, latitude (degrees) and altitude (m; 0 where unknown) of each point, one after the other. */
  coordinates: number[];
  times: (number | null)[];
  /** Metres a second, degrees and metres; `null` where unknown or invalid. */
  speeds: (number | null)[];
  courses: (number | null)[];
  horizontalAccuracies: (number | null)[];
  verticalAccuracies: (number | null)[];
  speedAccuracies: (number | null)[];
  courseAccuracies: (number | null)[];
}

/** Numbers inside a workout, such as its heart rate. The fuller record of one stands. */
export interface WorkoutSeries extends SeriesRows<Sample> {
  points: number;
  fingerprint: number;
}

export interface Workout {
  section: 'workouts';
  /** The id of Apple Health; version 1 has none, so name, start and end stand for it. */
  externalId: string;
  startedAt: number;
  endedAt: number | null;
  /** As the app wrote it, in the language of the phone. */
  name: string;
  /** What that means, where the name is known. */
  activity: string | null;
  version: 1 | 2;
  source: string;
  /** Columns of the table `workouts`, in the unit that each one names. */
  summary: { [column: string]: number | string | boolean };
  /** Fields that have no column, and quantities whose unit is not to be trusted, as the app sent them. */
  attributes: { [field: string]: Json };
  fingerprint: number;
  series: WorkoutSeries[];
  route: Route | null;
}

/** Fields that this server has never heard of: by section, how often each was seen. */
export type Drift = Record<string, Record<string, number>>;

/** What a slice holds, once it is understood: rows to store, and a count for every item. */
export interface Decoded {
  samples: SeriesRows<Sample>[];
  pressures: SeriesRows<BloodPressure>[];
  nights: SeriesRows<Night>[];
  stages: SeriesRows<SleepStage>[];
  electrocardiograms: SeriesRows<Electrocardiogram>[];
  workouts: Workout[];
  events: HealthEvent[];
  /** By metric or section. What is neither set aside nor a repetition inside the slice, the database will count. */
  counts: Map<string, Counts>;
  /** Items and points inside of items that were left out, then remarks on items that were taken: those that are kept. */
  issues: Issue[];
  /** How many there are in all, by code. */
  issueCounts: Map<IssueCode, number>;
  drift: Drift;
  /** Version of the decoder. */
  decoder: number;
}

/** An item of the payload that was not stored, or was stored with a remark. */
export interface Issue {
  /** JSON pointer into the raw body. */
  pointer: string;
  /** Metric or section it counts under. */
  metric: string;
  code: IssueCode;
  message: string;
}

export type IssueCode =
  | 'invalid_json'
  | 'section_not_supported'
  | 'file_not_readable'
  | 'file_too_large'
  | 'file_name_too_long'
  | 'table_too_many_cells'
  | 'table_too_many_columns'
  | 'table_header_too_long'
  | 'table_cell_too_long'
  | 'item_too_large'
  | 'unrecognised_shape'
  | 'name_missing'
  | 'text_too_long'
  | 'too_many_series'
  | 'date_missing'
  | 'invalid_date'
  | 'implausible_date'
  | 'implausible_place'
  | 'value_missing'
  | 'value_not_finite'
  | 'offset_missing'
  | 'unit_unknown'
  | 'average_missing'
  | 'zero_means_none'
  | 'value_implausible'
  | 'ends_before_start'
  | 'night_empty'
  | 'night_implausible'
  | 'stage_unknown'
  | 'data_missing'
  | 'not_loadable';

/** `received = inserted + updated + unchanged + set_aside`, always. */
export interface Counts {
  received: number;
  inserted: number;
  updated: number;
  unchanged: number;
  set_aside: number;
}

export type ReceiptStatus =
  | 'queued'
  | 'loading'
  | 'deferred'
  | 'stored'
  | 'stored_with_issues'
  | 'failed';

/** Why an upload could not be loaded. */
export type FailureCode =
  | 'body_gone'
  | 'slice_not_loadable'
  | 'attempts_exhausted'
  | 'cut_changed'
  | 'not_a_payload';

export interface Receipt {
  id: string;
  status: ReceiptStatus;
  received_at: string;
  completed_at: string | null;
  /** The upload whose body was loaded once more. */
  replay_of: string | null;
  bytes: number;
  sha256: string;
  automation: {
    name: string | null;
    id: string | null;
    aggregation: string | null;
    period: string | null;
    session_id: string | null;
  };
  slices: { total: number; loaded: number };
  failure: { code: FailureCode; message: string } | null;
  /** Versions of the decoder that read its slices. */
  decoders: number[];
  totals: Counts;
  metrics: Record<string, Counts>;
  unknown_fields: Drift;
  issues: { pointer: string; code: string; message: string }[];
  issues_total: number;
  issues_by_code: Record<string, number>;
}
