import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Client as NeonClient, neonConfig } from '@neondatabase/serverless';
import Table from 'cli-table3';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { WebSocket, WebSocketServer } from 'ws';
import type { Bed } from './bed.ts';
import { copy, copyText, type DecodedBody } from './rows.ts';
import { median } from './statistics.ts';

/** Ways to upsert a batch of samples, side by side. The results are kept in docs/decisions/0003-write-strategy.md. */

type SampleRow = [
  series: number,
  at: number,
  value: number,
  min: number | null,
  max: number | null,
];

interface Strategy {
  name: string;
  write(rows: readonly SampleRow[]): Promise<void>;
}

const BATCHES = [5_000, 10_000, 25_000];

/** One plain upsert for all, so that only the way in differs: without the look at what is stored, or the counts. */
const upsert = (incoming: string) => `
  with incoming as (${incoming} order by 1, 2),
  written as (
    insert into samples (series_id, recorded_at, received_at, value, min, max)
    select series_id, recorded_at, now(), value, min, max from incoming
    on conflict (series_id, recorded_at) do update set
      received_at = excluded.received_at, value = excluded.value, min = excluded.min,
      max = excluded.max, revision = coalesce(samples.revision, 0) + 1
    where excluded.received_at > samples.received_at
      and (excluded.value, excluded.min, excluded.max)
        is distinct from (samples.value, samples.min, samples.max)
    returning series_id, revision
  )
  select series_id, count(revision) from written group by series_id`;

const column = (rows: readonly SampleRow[], i: number) =>
  `{${rows.map((row) => row[i] ?? 'NULL').join(',')}}`;

function queryStrategies(client: pg.Client): Strategy[] {
  return [
    {
      name: 'unnest, instants as bigint',
      write: async (rows) =>
        void (await client.query(
          upsert(`
            select s::bigint as series_id, to_timestamp(at::float8 / 1000) as recorded_at, value, min, max
            from unnest($1::int[], $2::bigint[], $3::float8[], $4::float8[], $5::float8[])
              as p (s, at, value, min, max)`),
          [0, 1, 2, 3, 4].map((i) => column(rows, i)),
        )),
    },
    {
      name: 'unnest, instants as text',
      write: async (rows) =>
        void (await client.query(
          upsert(`
            select s::bigint as series_id, at as recorded_at, value, min, max
            from unnest($1::int[], $2::timestamptz[], $3::float8[], $4::float8[], $5::float8[])
              as p (s, at, value, min, max)`),
          [
            column(rows, 0),
            `{${rows.map(([, at]) => `"${new Date(at).toISOString()}"`).join(',')}}`,
            ...[2, 3, 4].map((i) => column(rows, i)),
          ],
        )),
    },
    {
      name: 'one JSON document of objects',
      write: async (rows) =>
        void (await client.query(
          upsert(`
            select s::bigint as series_id, to_timestamp(at::float8 / 1000) as recorded_at, v as value, lo as min, hi as max
            from jsonb_to_recordset($1::jsonb)
              as p (s int, at bigint, v float8, lo float8, hi float8)`),
          [JSON.stringify(rows.map(([s, at, v, lo, hi]) => ({ s, at, v, lo, hi })))],
        )),
    },
    {
      name: 'one JSON document of arrays',
      write: async (rows) =>
        void (await client.query(
          upsert(`
            select (e ->> 0)::bigint as series_id, to_timestamp((e ->> 1)::float8 / 1000) as recorded_at,
              (e ->> 2)::float8 as value, (e ->> 3)::float8 as min, (e ->> 4)::float8 as max
            from jsonb_array_elements($1::jsonb) as e`),
          [JSON.stringify(rows)],
        )),
    },
  ];
}

/** COPY takes no conflict clause: it fills a temporary table, from which the rows are upserted. */
const copyStrategy = (client: NeonClient): Strategy => ({
  name: "COPY over Neon's WebSocket into a temporary table, INSERT … SELECT",
  write: async (rows) => {
    await client.query('begin');
    await client.query(`
      create temporary table incoming_rows (
        series_id bigint, recorded_at timestamptz, value float8, min float8, max float8
      ) on commit drop`);
    const lines = rows.map(
      ([s, at, v, lo, hi]) =>
        `${s}\t${new Date(at).toISOString()}\t${v}\t${lo ?? '\\N'}\t${hi ?? '\\N'}\n`,
    );
    const stream = client.query(copyFrom('copy incoming_rows from stdin') as never) as never;
    await pipeline(Readable.from([Buffer.from(lines.join(''))]), stream);
    await client.query(upsert('select series_id, recorded_at, value, min, max from incoming_rows'));
    await client.query('commit');
  },
});

/** A WebSocket in front of Postgres, as Neon's proxy is. */
async function openTunnel(url: URL) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  server.on('connection', (socket) => {
    const postgres = connect(Number(url.port), url.hostname);
    socket.on('message', (data: Buffer) => postgres.write(data));
    socket.on('close', () => postgres.destroy());
    postgres.on('data', (data) => socket.send(data));
    postgres.on('close', () => socket.close());
    postgres.on('error', () => socket.close());
  });
  const { port } = server.address() as { port: number };
  neonConfig.webSocketConstructor = WebSocket;
  neonConfig.wsProxy = () => `127.0.0.1:${port}`;
  neonConfig.useSecureWebSocket = false;
  neonConfig.pipelineTLS = false;
  neonConfig.pipelineConnect = false;
  const client = new NeonClient({ connectionString: url.href, ssl: false });
  await client.connect();
  return { client, close: () => client.end().then(() => server.close()) };
}

function rowsOf({ decoded }: DecodedBody): SampleRow[] {
  const ids = new Map<string, number>();
  return decoded.flatMap(({ samples }) =>
    samples.flatMap(({ series, rows }) => {
      const identity = `${series.metric} ${series.source}`;
      const id = ids.get(identity) ?? ids.size + 1;
      ids.set(identity, id);
      return rows.map(
        ({ recordedAt, value, min, max }): SampleRow => [id, recordedAt, value, min, max],
      );
    }),
  );
}

async function timed(strategy: Strategy, rows: readonly SampleRow[], batch: number) {
  const started = performance.now();
  for (let i = 0; i < rows.length; i += batch) await strategy.write(rows.slice(i, i + batch));
  return rows.length / (performance.now() - started);
}

export async function measureStrategies(
  bed: Bed,
  body: DecodedBody,
  rounds: number,
): Promise<void> {
  const rows = rowsOf(body);
  const text = copyText(body);
  const months = [...new Set(rows.map(([, at]) => new Date(at).toISOString().slice(0, 7)))];
  await bed.client.query(`select ensure_partitions('samples', $1::timestamptz[])`, [
    `{${months.map((month) => `${month}-01T00:00:00Z`).join(',')}}`,
  ]);
  const tunnel = await openTunnel(new URL(bed.stack.databaseUrl ?? ''));
  const strategies = [...queryStrategies(bed.client), copyStrategy(tunnel.client)];
  const table = new Table({
    head: ['strategy', ...BATCHES.map((batch) => `${batch / 1000} k rows`), 'again, 10 k'],
    style: { head: [], border: [], compact: true },
  });

  const ceilings: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await bed.empty();
    ceilings.push(rows.length / (await copy(bed.client, text)));
  }
  table.push(['COPY, the ceiling', `${median(ceilings).toFixed(0)}`, '', '', '']);
  for (const strategy of strategies) {
    const first: string[] = [];
    for (const batch of BATCHES) {
      const rates: number[] = [];
      for (let round = 0; round < rounds; round++) {
        await bed.empty();
        rates.push(await timed(strategy, rows, batch));
      }
      first.push(median(rates).toFixed(0));
    }
    const again: number[] = [];
    for (let round = 0; round < rounds; round++) again.push(await timed(strategy, rows, 10_000));
    table.push([strategy.name, ...first, median(again).toFixed(0)]);
  }
  await tunnel.close();
  console.log(`Thousands of rows a second\n${table.toString()}`);
}
