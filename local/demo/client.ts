import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { openApi, type Result } from '../commands/api.ts';
import { Complaint } from '../commands/fail.ts';
import { DEMO_PERSON } from './person.ts';
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
  const { headers } = upload;
  // The app's own bytes, not ours: they go out as they are.
  const bodySerializer = () => body;
  const api = openApi(server.url, server.key);
  const called = api.POST('/api/v1/sync', { headers, body, bodySerializer });
  return receiptSchema.parse(await answerOf(server.url, called));
}

export async function fetchReceipt(server: Server, id: string): Promise<DemoReceipt> {
  const called = openApi(server.url, server.key).GET('/api/v1/ingestions/{id}', {
    params: { path: { id } },
  });
  return receiptSchema.parse(await answerOf(server.url, called));
}

/** The sample export, as the app would post it. */
export async function postSample(server: Server, body: string): Promise<DemoReceipt> {
  const headers = {
    'automation-name': 'Sample export',
    'automation-aggregation': 'Hours',
    'automation-period': 'Default',
  } as const;
  const bodySerializer = () => body;
  const api = openApi(server.url, server.key);
  const called = api.POST('/api/v1/sync', { headers, body, bodySerializer });
  return receiptSchema.parse(await answerOf(server.url, called));
}

/** A year in one go is far above the quota of a phone: the demo brings its own key. */
const QUOTA = { requests_per_hour: 100_000, bytes_per_hour: 10_000_000_000 } as const;

/** A key of the demo person, who is made if there is none. */
export async function makeDemoKey(
  { url, adminKey }: { url: string; adminKey: string },
  kind: 'ing' | 'read',
): Promise<string> {
  const body = {
    ...(kind === 'ing' ? QUOTA : {}),
    kind,
    name: 'made by npm run demo',
    person: DEMO_PERSON,
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  } as const;
  const called = openApi(url, adminKey).POST('/api/v1/keys', { body });
  return (await answerOf(url, called)).key;
}

/** Erases the demo person, with all keys and rows. */
export async function eraseDemoPerson(url: string, readKey: string): Promise<void> {
  const api = openApi(url, readKey);
  const first = await answerOf(url, api.DELETE('/api/v1/me', { body: {} }));
  const confirm = z.object({ confirm: z.string() }).parse(first).confirm;
  await answerOf(url, api.DELETE('/api/v1/me', { body: { confirm } }));
}

/** `data` of what was called. @throws Complaint with the server's reason, never with what was sent */
async function answerOf<T>(url: string, called: Promise<Result<T>>): Promise<T> {
  const { data, error, response } = await called.catch((cause: unknown) => {
    throw new Complaint(`${url} cannot be reached.`, { cause });
  });
  if (data !== undefined) return data.data;
  const { title, correlation_id } = problem.catch(() => problem.parse({})).parse(error);
  const { pathname } = new URL(response.url);
  throw new Complaint(`${pathname} answered ${response.status}: ${title} (${correlation_id})`);
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
