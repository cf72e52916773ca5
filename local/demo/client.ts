import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Complaint } from '../commands/fail.ts';
import type { Upload } from './plan.ts';
import { type DemoReceipt, isSettled, receiptSchema } from './receipts.ts';

/** Speaks to a running server: as the app to upload, as an owner to make a key. */

export interface Server {
  url: string;
  /** An `ing` key, or any key that may upload. */
  key: string;
}

/** One upload, as the app makes it. The receipt may still be open. */
export async function postUpload(
  server: Server,
  upload: Upload,
  body: string,
): Promise<DemoReceipt> {
  const headers = { ...upload.headers, authorization: `Bearer ${server.key}` };
  return request(new URL('/api/v1/sync', server.url), receiptSchema, {
    method: 'POST',
    headers,
    body,
  });
}

export async function fetchReceipt(server: Server, id: string): Promise<DemoReceipt> {
  const headers = { authorization: `Bearer ${server.key}` };
  return request(new URL(`/api/v1/ingestions/${id}`, server.url), receiptSchema, { headers });
}

/** A year in one go is far above the quota of a phone: the demo brings its own key. */
const DEMO_KEY = {
  kind: 'ing',
  name: 'demo',
  requests_per_hour: 100_000,
  bytes_per_hour: 10_000_000_000,
};

export async function makeDemoKey(url: string, adminKey: string): Promise<string> {
  const made = await request(new URL('/api/v1/keys', url), z.object({ key: z.string() }), {
    method: 'POST',
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(DEMO_KEY),
  });
  return made.key;
}

/** Asks, and takes `data` out of the answer. @throws Complaint with the server's reason, never with what was sent */
async function request<T>(at: URL, schema: z.ZodType<T>, init: RequestInit): Promise<T> {
  const response = await fetch(at, init).catch((cause: unknown) => {
    throw new Complaint(`${at.origin} cannot be reached.`, { cause });
  });
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return z.object({ data: schema }).parse(body).data;
  const { title, correlation_id } = problem.parse(body ?? {});
  throw new Complaint(`${at.pathname} answered ${response.status}: ${title} (${correlation_id})`);
}

const problem = z.object({
  title: z.string().default('no reason given'),
  correlation_id: z.string().default('no correlation id'),
});

/**
 * Asks for receipts until all are settled, and tells each time how many slices are loaded. After `patience` ms
 * without any progress it gives up and returns them as they are.
 */
export async function awaitReceipts(
  server: Server,
  receipts: readonly DemoReceipt[],
  { onProgress, patience }: { onProgress: (slicesLoaded: number) => void; patience: number },
): Promise<DemoReceipt[]> {
  let known = [...receipts];
  let loaded = slicesLoaded(known);
  let movedAt = Date.now();
  while (!known.every(isSettled) && Date.now() - movedAt < patience) {
    await sleep(POLL_MS);
    const asked = [];
    for (const receipt of known) {
      asked.push(isSettled(receipt) ? receipt : await fetchReceipt(server, receipt.id));
    }
    known = asked;
    if (slicesLoaded(known) > loaded) movedAt = Date.now();
    loaded = slicesLoaded(known);
    onProgress(loaded);
  }
  return known;
}

const POLL_MS = 300;

const slicesLoaded = (receipts: readonly DemoReceipt[]): number =>
  receipts.reduce((sum, { slices }) => sum + slices.loaded, 0);
