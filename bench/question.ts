import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from 'miniflare';
import { type Bed, makeBed } from './bed.ts';
import { cpuOf, newestWorkerd } from './machine.ts';
import { smallSync } from './payloads.ts';
import { profileOf } from './profile.ts';
import type { Report } from './report.ts';
import { median, range, ratios } from './statistics.ts';

/** What a question costs in workerd, against a Worker that sends the same statements and answers their rows as JSON. */

const QUESTION = '/api/v1/metrics/step_count/samples?limit=100';
const REQUESTS = 400;

/** Nothing but the statements: no key, no quota, no envelope, no document, no telemetry. */
const BARE = `export default {
  async fetch(_request, { ENDPOINT, HEADERS, BODY }) {
    const response = await fetch(ENDPOINT, { method: 'POST', headers: JSON.parse(HEADERS), body: BODY });
    const { results } = await response.json();
    const { fields, rows } = results.at(-1);
    const data = rows.map((row) => Object.fromEntries(fields.map(({ name }, i) => [name, row[i]])));
    return Response.json({ data });
  },
};`;

/** The same through Neon's driver, which any Worker here needs for its rows. */
const WITH_DRIVER = `import { neon, neonConfig } from './driver.mjs';
export default {
  async fetch(_request, { ENDPOINT, DATABASE, BODY }) {
    neonConfig.fetchEndpoint = ENDPOINT;
    const sql = neon(DATABASE, { arrayMode: true, fullResults: true });
    const queries = JSON.parse(BODY).queries.map(({ query, params }) => sql.query(query, params));
    const { fields, rows } = (await sql.transaction(queries)).at(-1);
    const data = rows.map((row) => Object.fromEntries(fields.map(({ name }, i) => [name, row[i]])));
    return Response.json({ data });
  },
};`;

interface Sent {
  headers: Record<string, string>;
  body: string;
}

/** Passes on what the Worker sends to the database, and keeps the last of it. */
async function startRecorder() {
  let target = '';
  let last: Sent | null = null;
  const server = createServer(async (request, response) => {
    last = { headers: headersOf(request), body: (await buffer(request)).toString() };
    const answer = await fetch(target, { method: 'POST', ...last });
    response.writeHead(answer.status, { 'Content-Type': 'application/json' });
    response.end(await answer.text());
  });
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/sql`,
    forwardTo: (url: string) => {
      target = url;
    },
    last: (): Sent => {
      if (last === null) throw new Error('Nothing was sent to the database.');
      return last;
    },
    stop: () => server.closeAllConnections(),
  };
}

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith('neon-') || name === 'content-type' ? [[name, String(value)]] : [],
    ),
  );

async function startBare(script: string, endpoint: string, { headers, body }: Sent) {
  const driver = await readFile(
    new URL('../node_modules/@neondatabase/serverless/index.mjs', import.meta.url),
    'utf8',
  );
  const options = convertV4MiniflareOptions({
    host: '127.0.0.1',
    port: 0,
    modulesRoot: '/',
    modules: [
      { type: 'ESModule', path: '/bare.mjs', contents: script },
      { type: 'ESModule', path: '/driver.mjs', contents: driver },
    ],
    compatibilityDate: '2026-11-01',
    compatibilityFlags: ['nodejs_compat'],
    bindings: {
      ENDPOINT: endpoint,
      HEADERS: JSON.stringify(headers),
      DATABASE: headers['neon-connection-string'] ?? '',
      BODY: body,
    },
    // Static files put Workers of Miniflare's own before each request.
    ...(await readAssets()),
  });
  const miniflare = new Miniflare(options);
  const { href } = await miniflare.ready;
  return { miniflare, href, pid: newestWorkerd() };
}

/** The static files of the API, as its bundle has them. */
async function readAssets(): Promise<Pick<V4WorkerOptions, 'assets'>> {
  const file = new URL('../dist/api/options.json', import.meta.url);
  const { assets }: V4WorkerOptions = JSON.parse(await readFile(file, 'utf8'));
  return assets === undefined ? {} : { assets };
}

/** CPU of a process for each of the requests, in milliseconds. */
async function cpuEach(pid: number, ask: () => Promise<void>): Promise<number> {
  const before = cpuOf(pid);
  for (let i = 0; i < REQUESTS; i++) await ask();
  return (cpuOf(pid) - before) / REQUESTS;
}

/** Neither is compressed, which in production Cloudflare does outside of the Worker. */
const PLAIN = { 'Accept-Encoding': 'identity' };

async function asking(url: string, headers: Record<string, string>, status = 200): Promise<void> {
  const response = await fetch(url, { headers: { ...PLAIN, ...headers } });
  await response.text();
  if (response.status !== status) throw new Error(`${url} answered ${response.status}.`);
}

export async function measureQuestion(
  databaseUrl: string,
  report: Report,
  rounds: number,
): Promise<void> {
  const recorder = await startRecorder();
  const bed = await makeBed(databaseUrl, {
    vars: { NEON_ENDPOINT: recorder.url },
    inspectorPort: 0,
  });
  recorder.forwardTo(bed.stack.neonEndpoint);
  try {
    for (let i = 0; i < 10; i++) await bed.upload(smallSync(i));
    const key = await bed.newKey('read');
    const headers = { Authorization: `Bearer ${key}` };
    const url = `${bed.stack.url}${QUESTION}`;
    await asking(url, headers);
    const etag = (await fetch(url, { headers })).headers.get('etag') ?? '';
    const bare = await startBare(BARE, recorder.url, recorder.last());
    const driver = await startBare(WITH_DRIVER, recorder.url, recorder.last());
    const ways = {
      bare: () => asking(bare.href, {}),
      driver: () => asking(driver.href, {}),
      ours: () => asking(url, headers),
      unchanged: () => asking(url, { ...headers, 'If-None-Match': etag }, 304),
    };
    const pids = { bare: bare.pid, driver: driver.pid, ours: bed.workerd, unchanged: bed.workerd };
    const costs: Record<keyof typeof ways, number[]> = {
      bare: [],
      driver: [],
      ours: [],
      unchanged: [],
    };
    // One round more, to warm up.
    for (let round = 0; round <= rounds; round++) {
      for (const name of ['bare', 'driver', 'ours', 'unchanged'] as const) {
        const cost = await cpuEach(pids[name], ways[name]);
        if (round > 0) costs[name].push(cost);
      }
    }
    await Promise.all([bare.miniflare.dispose(), driver.miniflare.dispose()]);
    if (rounds > 1) await writeProfile(bed, ways.ours);
    const times = (name: keyof typeof ways, than: keyof typeof ways) =>
      ratios(costs[name], costs[than]);
    for (const [name, what] of [
      [
        'ours',
        'CPU of a question with a remembered key, against a bare Worker with the same statements',
      ],
      ['unchanged', 'CPU of the same question with its ETag (304), against the bare Worker'],
    ] as const) {
      const all = times(name, 'bare');
      report.add(
        what,
        `${median(all).toFixed(2)} ×${range(all)} (${median(costs[name]).toFixed(2)} of ${median(costs.bare).toFixed(2)} ms)`,
        '≤ 1.3 ×',
        median(all) <= 1.3,
      );
    }
    const [alone, beside] = [times('driver', 'bare'), times('ours', 'driver')];
    report.add(
      '… the same bare Worker with the driver of Neon, and ours against that',
      `${median(alone).toFixed(2)} ×${range(alone)}, ${median(beside).toFixed(2)} ×${range(beside)}`,
      'print',
    );
  } finally {
    await bed.stop();
    recorder.stop();
  }
}

const LONGEST = 30;

/** Where the time of a question goes, function by function: bench/profile.md. */
async function writeProfile({ stack }: Bed, ask: () => Promise<void>): Promise<void> {
  const shares = await profileOf(stack, 'api', async () => {
    for (let i = 0; i < REQUESTS; i++) await ask();
  });
  const rows = shares
    .slice(0, LONGEST)
    .map(({ name, share }) => `| ${(share * 100).toFixed(1)} % | \`${name}\` |`);
  const text = [
    '# Profile of a question',
    '',
    `\`GET ${QUESTION}\` with a remembered key, ${REQUESTS} times: the time of the isolate by function, each without what it calls,`,
    'written by `npm run bench`. Work of workerd outside of JavaScript (HTTP, sockets) is not in it.',
    '',
    '| share | function |',
    '| --- | --- |',
    ...rows,
    '',
  ];
  writeFileSync(new URL('profile.md', import.meta.url), text.join('\n'));
}
