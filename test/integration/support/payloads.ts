/** Payloads by hand. */

export interface Point {
  [key: string]: unknown;
}

export const AT = '2026-03-02 07:41:00 +0100';

/** Minute after minute from the beginning of March 2026. */
export const minutes = (count: number, source = 'Watch'): Point[] =>
  Array.from({ length: count }, (_, i) => ({
    qty: i,
    date: `${new Date(Date.UTC(2026, 2, 1) + i * 60_000).toISOString().slice(0, 19).replace('T', ' ')} +0000`,
    source,
  }));

export const metric = (name: string, units: string, data: unknown[]) => ({ name, units, data });
export const steps = (...data: unknown[]) => metric('step_count', 'count', data);
export const payload = (...metrics: unknown[]): string => JSON.stringify({ data: { metrics } });

/** The body in pieces, without a length beforehand. */
export const chunked = (body: string | Uint8Array<ArrayBuffer>): ReadableStream =>
  new Blob([body]).stream();
