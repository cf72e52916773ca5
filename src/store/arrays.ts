/**
 * Columns as Postgres array literals. A statement takes one parameter a column, however many rows there are;
 * `unnest` pads the shorter arrays with nulls, so a column without a single value is simply `{}`.
 */
export function numberArray<T>(rows: readonly T[], column: (row: T) => number | null): string {
  let text = '';
  let hasValue = false;
  for (const row of rows) {
    const value = column(row);
    hasValue ||= value !== null;
    text += value === null ? ',NULL' : `,${value}`;
  }
  return hasValue ? `{${text.slice(1)}}` : '{}';
}
