/** The nouns of the system as plain types. Instants are Unix milliseconds unless a name says otherwise. */

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

/** How the app grouped the numbers it sent. `unknown` where the header was missing. */
export type Grouping =
  | 'default'
  | 'seconds'
  | 'minutes'
  | 'hours'
  | 'days'
  | 'weeks'
  | 'months'
  | 'years'
  | 'unknown';

/** What the `automation-*` and `session-id` headers of the app say, trimmed; absent ones are `null`. */
export interface Automation {
  name: string | null;
  id: string | null;
  aggregation: string | null;
  period: string | null;
  sessionId: string | null;
}

/** One upload. Known before anything is stored; travels with every slice. */
export interface Ingestion {
  id: string;
  userId: string;
  keyId: string;
  receivedAt: number;
  correlationId: string;
  timeZone: string;
  automation: Automation;
  idempotencyKey: string | null;
}

/** What is known of a body once it has passed: its size as archived, its hash, and where the archive is. */
export interface Archived {
  rawKey: string;
  bytes: number;
  sha256: string;
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

/** What a slice holds, once it is understood: rows to store, and a count for every item. */
export interface Decoded {
  samples: SeriesRows<Sample>[];
  pressures: SeriesRows<BloodPressure>[];
  /** By metric or section. What is neither set aside nor a repetition inside the slice, the database will count. */
  counts: Map<string, Counts>;
  /** Items left out, then remarks on items that were taken. */
  issues: Issue[];
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
  | 'item_too_large'
  | 'unrecognised_shape'
  | 'name_missing'
  | 'text_too_long'
  | 'date_missing'
  | 'invalid_date'
  | 'implausible_date'
  | 'value_missing'
  | 'value_not_finite'
  | 'offset_missing'
  | 'unit_unknown'
  | 'average_missing';

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

export interface Receipt {
  id: string;
  status: ReceiptStatus;
  received_at: string;
  completed_at: string | null;
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
  totals: Counts;
  metrics: Record<string, Counts>;
  issues: { pointer: string; code: string; message: string }[];
  issues_total: number;
}
