import {
  MAX_CELL_CHARACTERS,
  MAX_FILE_NAME_CHARACTERS,
  MAX_HEADER_CHARACTERS,
  MAX_TABLE_BYTES,
  MAX_TABLE_CELLS,
  MAX_TABLE_COLUMNS,
} from './limits.ts';
import type { FailureCode, IssueCode } from './model.ts';

/** `Intl` would do it, and load its tables for 40 ms at the start of each isolate. */
const grouped = (count: number): string =>
  count < 1000
    ? String(count)
    : `${grouped(Math.floor(count / 1000))},${String(count % 1000).padStart(3, '0')}`;

/** `A table may have 1,000,000 cells (MAX_TABLE_CELLS).` */
const limit = (named: Readonly<Record<string, number>>, sentence: string): string => {
  const [[name, most] = ['', 0]] = Object.entries(named);
  return `${sentence.replace('#', grouped(most))} (${name}).`;
};

const INSTEAD = 'It is archived only: export JSON instead, which may be of any size.';

interface Problem {
  status: 400 | 401 | 403 | 404 | 405 | 409 | 410 | 413 | 415 | 416 | 422 | 429 | 499 | 500 | 503;
  title: string;
}

/** Every way a request can be refused. `error` on the wire is the key of this table. */
export const PROBLEMS = {
  invalid_json: { status: 400, title: 'The body is not JSON' },
  no_payload: { status: 400, title: 'The body is JSON, but not a Health Auto Export payload' },
  invalid_gzip: { status: 400, title: 'The body is not the gzip it claims to be' },
  invalid_zip: { status: 400, title: 'The body is not the zip it claims to be' },
  invalid_multipart: { status: 400, title: 'The parts of the body cannot be told apart' },
  invalid_parameter: { status: 400, title: 'A parameter is not valid' },
  confirmation_invalid: {
    status: 400,
    title: 'The confirmation is not valid',
  },
  key_missing: { status: 401, title: 'No API key was sent' },
  key_malformed: { status: 401, title: 'This is not an API key of this server' },
  key_invalid: { status: 401, title: 'The API key is not valid' },
  key_revoked: { status: 401, title: 'The API key has been revoked' },
  key_expired: { status: 401, title: 'The API key has expired' },
  scope_missing: { status: 403, title: 'This kind of API key may not do that' },
  not_found: { status: 404, title: 'There is nothing here' },
  method_not_allowed: { status: 405, title: 'This path does not take that method' },
  export_running: { status: 409, title: 'Another export of this person is being made' },
  exports_full: { status: 409, title: 'So many exports are kept already' },
  export_not_ready: { status: 409, title: 'The export is not ready' },
  body_gone: { status: 410, title: 'The body is no longer in the archive' },
  export_expired: { status: 410, title: 'The export is no longer kept' },
  body_too_large: { status: 413, title: 'The body is too large' },
  dry_run_too_long: { status: 413, title: 'The body takes too long for a dry run' },
  expansion_refused: { status: 413, title: 'The compressed body expands suspiciously' },
  foreign_export: { status: 415, title: 'This file is none that Health Auto Export writes' },
  encoding_not_supported: { status: 415, title: 'This Content-Encoding is not supported' },
  range_not_satisfiable: { status: 416, title: 'The range lies outside the file' },
  idempotency_key_reused: { status: 422, title: 'This Idempotency-Key belongs to another body' },
  zone_changes_exceeded: { status: 429, title: 'The time zone has changed often enough today' },
  dry_run_busy: { status: 429, title: 'A dry run of this person is under way' },
  quota_exceeded: { status: 429, title: 'The hourly quota is used up' },
  too_many_requests: { status: 429, title: 'Too many requests from this address' },
  too_many_attempts: { status: 429, title: 'Too many keys have been tried from this address' },
  client_gone: { status: 499, title: 'The client hung up before its body had come' },
  internal_error: { status: 500, title: 'Something went wrong on our side' },
  storage_unavailable: { status: 503, title: 'The archive cannot be reached' },
  database_unavailable: { status: 503, title: 'The database cannot be reached' },
  cache_unavailable: { status: 503, title: 'The cache cannot be reached' },
} as const satisfies Record<string, Problem>;

export type ProblemCode = keyof typeof PROBLEMS;

/** Issues of one upload that are kept one by one. All are counted, by code; a dry run shows any of them. */
export const MAX_ISSUES = 1_000;
/** The same of one metric or section and one code. */
export const MAX_ISSUES_ALIKE = 20;
/** Issues that one answer shows. */
export const ISSUES_PAGE_SIZE = 100;

interface IssueKind {
  /** Whether the item is in the database (with a remark) or was left out of it. */
  stored: boolean;
  /** What it says to the person; never a health value. */
  message: string;
}

/** Everything that can be said of a single item of a payload. */
export const ISSUES = {
  invalid_json: { stored: false, message: 'This item is not valid JSON.' },
  section_not_supported: {
    stored: false,
    message: 'This kind of data is archived, and will be loaded once it is supported.',
  },
  file_not_readable: {
    stored: false,
    message: 'This file is archived, but it is not one this server can read.',
  },
  file_too_large: {
    stored: false,
    message: `${limit({ MAX_TABLE_BYTES }, 'A table or a track may have # bytes')} ${INSTEAD}`,
  },
  file_name_too_long: {
    stored: false,
    message: `${limit({ MAX_FILE_NAME_CHARACTERS }, 'The name of a file may have # characters')} It is archived only.`,
  },
  table_too_many_cells: {
    stored: false,
    message: `${limit({ MAX_TABLE_CELLS }, 'A table may have # cells')} ${INSTEAD}`,
  },
  table_too_many_columns: {
    stored: false,
    message: `${limit({ MAX_TABLE_COLUMNS }, 'A table may have # columns')} ${INSTEAD}`,
  },
  table_header_too_long: {
    stored: false,
    message: `${limit({ MAX_HEADER_CHARACTERS }, 'The header of a column may have # characters')} It is archived only.`,
  },
  table_cell_too_long: {
    stored: false,
    message: `${limit({ MAX_CELL_CHARACTERS }, 'A cell of a table may have # characters')} It is archived only.`,
  },
  item_too_large: {
    stored: false,
    message: 'The item is larger than any the app is known to send.',
  },
  unrecognised_shape: { stored: false, message: 'None of the known fields is in this item.' },
  name_missing: { stored: false, message: 'The metric has no readable name.' },
  too_many_series: {
    stored: false,
    message:
      'So many metrics, sources and contexts in one place are no measurements: 2,000 of them in half a megabyte are stored.',
  },
  text_too_long: { stored: false, message: 'A name, source, unit or context is too long.' },
  date_missing: { stored: false, message: 'The item has no date.' },
  invalid_date: { stored: false, message: 'The date is not one this server can read.' },
  implausible_date: {
    stored: false,
    message:
      'The date lies before 2 January 1970, as of a clock that was never set, or more than two days ahead.',
  },
  implausible_place: {
    stored: false,
    message: 'The point lies nowhere on Earth, or right across it from the one before.',
  },
  value_missing: { stored: false, message: 'The item has no value.' },
  value_not_finite: { stored: false, message: 'The value is not a finite number.' },
  offset_missing: {
    stored: true,
    message: 'The date has no UTC offset and was read in the time zone of the person.',
  },
  unit_unknown: {
    stored: true,
    message: 'The unit is not known for this metric; the values are kept apart under that unit.',
  },
  zero_means_none: { stored: false, message: 'The app writes zero here where there is no value.' },
  ends_before_start: { stored: false, message: 'The item ends before it begins.' },
  night_empty: { stored: false, message: 'The night is empty: all its spans are zero.' },
  night_implausible: {
    stored: true,
    message: 'More sleep than time between beginning and end, or less than none.',
  },
  stage_unknown: { stored: true, message: 'The sleep stage is not known; it is kept as sent.' },
  value_implausible: {
    stored: true,
    message: 'The value cannot be below zero; it is kept as sent.',
  },
  not_loadable: {
    stored: false,
    message:
      'This item could not be loaded. It is archived, and can be replayed with a later release.',
  },
  data_missing: { stored: true, message: 'The metric has no `data`: there was nothing to store.' },
  average_missing: {
    stored: true,
    message: 'The range has no average; the middle of minimum and maximum stands for it.',
  },
} as const satisfies Record<IssueCode, IssueKind>;

/** Everything that may end an upload as failed. The body stays in the archive, if it is there. */
export const FAILURES = {
  body_gone: 'The body is no longer in the archive. Export the same span once more.',
  slice_not_loadable:
    'A part of it could not be loaded by this release. Replay it with a later one.',
  attempts_exhausted: 'It could not be loaded in many attempts. Replay it.',
  not_a_payload:
    'It was taken while its person could not be looked up, and turned out to be no payload. It is kept for diagnosis.',
  cut_changed: 'This release cuts it in another way. It was replayed as an upload of its own.',
} as const satisfies Record<FailureCode, string>;
