import { createServer, type Server as HttpServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Complaint } from '../../../local/commands/fail.ts';
import { awaitReceipts, makeDemoKey, postUpload, type Server } from '../../../local/demo/client.ts';
import { planUploads, type Upload } from '../../../local/demo/plan.ts';
import { receipt } from './receipts.ts';

interface Request {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Answers like the API, with what the test has put into `answers`, and remembers what it was asked. */
let http: HttpServer;
let server: Server;
let requests: Request[];
let answers: { status: number; body: unknown }[];

beforeEach(async () => {
  requests = [];
  answers = [];
  http = createServer(async (request, response) => {
    const { method, url, headers } = request;
    requests.push({ method, url, headers, body: await text(request) });
    const answer = answers.shift() ?? { status: 500, body: {} };
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((ready) => http.listen(0, '127.0.0.1', ready));
  const { port } = http.address() as AddressInfo;
  server = { url: `http://127.0.0.1:${port}`, key: 'ss_ing_x' };
});

afterEach(() => new Promise((closed) => http.close(closed)));

const ok = (data: unknown, status = 200) => ({ status, body: { success: true, data } });

const [upload] = planUploads({ seed: 1, days: 1, until: 20_000 }) as [Upload];

describe('an upload', () => {
  it('goes out as the app sends it and gives its receipt', async () => {
    answers = [ok(receipt({ id: 'a', status: 'queued' }), 202)];
    expect(await postUpload(server, upload, '{"data":{}}')).toMatchObject({ id: 'a' });
    expect(requests).toMatchObject([
      {
        method: 'POST',
        url: '/api/v1/sync',
        headers: { ...upload.headers, authorization: 'Bearer ss_ing_x' },
        body: '{"data":{}}',
      },
    ]);
  });

  it('says why it was refused, and by which request', async () => {
    answers = [{ status: 429, body: { title: 'The quota is used up', correlation_id: 'c-1' } }];
    const refused = postUpload(server, upload, '{"data":{}}');
    await expect(refused).rejects.toThrow(Complaint);
    await expect(refused).rejects.toThrow('/api/v1/sync answered 429: The quota is used up (c-1)');
  });

  it('says where nobody answers', async () => {
    const nowhere = postUpload({ url: 'http://127.0.0.1:1', key: 'x' }, upload, '{}');
    await expect(nowhere).rejects.toThrow('http://127.0.0.1:1 cannot be reached.');
  });

  it('does not take an answer of another form for a receipt', async () => {
    answers = [ok({ id: 'a' })];
    await expect(postUpload(server, upload, '{"data":{}}')).rejects.toThrow('status');
  });
});

describe('the key of the demo', () => {
  it('is made with the admin key, for uploads only and with a large quota', async () => {
    answers = [ok({ id: 'k', kind: 'ing', key: 'ss_ing_new' }, 201)];
    expect(await makeDemoKey({ url: server.url, adminKey: 'ss_admin_x' }, 'ing')).toBe(
      'ss_ing_new',
    );
    expect(requests[0]).toMatchObject({
      url: '/api/v1/keys',
      headers: { authorization: 'Bearer ss_admin_x' },
    });
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      kind: 'ing',
      name: 'made by npm run demo',
      person: 'demo@localhost',
      time_zone: expect.any(String),
      requests_per_hour: 100_000,
      bytes_per_hour: 10_000_000_000,
    });
  });
});

describe('open receipts', () => {
  it('are asked for until all are settled, settled ones never', async () => {
    const [open, closed] = [receipt({ id: 'open', status: 'queued' }), receipt({ id: 'closed' })];
    answers = [
      ok(receipt({ id: 'open', status: 'loading', slices: { total: 2, loaded: 1 } })),
      ok(receipt({ id: 'open', status: 'stored_with_issues', slices: { total: 2, loaded: 2 } })),
    ];
    const seen: number[] = [];
    const options = { onProgress: (loaded: number) => seen.push(loaded), patience: 10_000 };
    const settled = await awaitReceipts(server, [open, closed], options);
    expect(settled.map(({ status }) => status)).toEqual(['stored_with_issues', 'stored']);
    expect(requests.map(({ url }) => url)).toEqual(Array(2).fill('/api/v1/ingestions/open'));
    expect(seen).toEqual([2, 3]);
  });

  it('are given back open when nothing moves', async () => {
    const open = receipt({ id: 'open', status: 'queued' });
    answers = Array.from({ length: 20 }, () => ok(open));
    const settled = await awaitReceipts(server, [open], { onProgress: () => {}, patience: 500 });
    expect(settled).toEqual([open]);
  });
});
