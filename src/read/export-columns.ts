/** How columns of tables go into an export. */

/** How a column goes into the zip. */
export type ColumnKind =
  /** ISO 8601 in UTC, with milliseconds; with microseconds where there are any */
  | 'instant'
  /** the shortest digits that read back as the same number */
  | 'number'
  | 'text'
  | 'flag'
  /** as it is */
  | 'json';

export interface ExportColumn {
  name: string;
  kind: ColumnKind;
  /** Where it comes from, if not from the column of its name. `t` is the table. */
  sql?: string;
  /** Too large for a table of text. */
  ndjsonOnly?: true;
}

const as =
  (kind: ColumnKind) =>
  (...names: string[]): ExportColumn[] =>
    names.map((name) => ({ name, kind }));
export const [instants, numbers, texts, flags, documents] = [
  as('instant'),
  as('number'),
  as('text'),
  as('flag'),
  as('json'),
];
