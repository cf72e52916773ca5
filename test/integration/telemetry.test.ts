import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ASKED, COUNTED, PREFIX } from '../../src/telemetry/families.ts';
import { AT, minutes, payload, steps } from './support/payloads.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

interface SentSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  service: string;
}

let test: TestStack;
let ada: Person;
let collector: Server;
const spans: SentSpan[] = [];
const bodies: string[] = [];

beforeAll(async () => {
  collector = createServer((request, response) => {
    let text = '';
    request.on('data', (piece) => {
      text += piece;
    });
    request.on('end', () => {
      bodies.push(text);
      for (const { resource, scopeSpans } of JSON.parse(text).resourceSpans) {
        const service = resource.attributes[0].value.stringValue;
        for (const span of scopeSpans[0].spans) spans.push({ ...span, service });
      }
      response.end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const { port } = collector.address() as AddressInfo;
  test = await startTestStack({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` });
});
beforeEach(async () => {
  ada = await test.newPerson();
});
afterEach(() => test.stack.database.resume());
afterAll(async () => {
  await test.stack.stop();
  collector.close();
});

async function scrape(query = ''): Promise<string> {
  const response = await fetch(`${test.stack.url}/metrics${query}`, {
    headers: { Authorization: `Bearer ${ada.keys.admin}` },
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  return response.text();
}

const numberOf = (text: string, series: string): number => {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? Number.NaN : Number(line.slice(series.length + 1));
};

async function until<T>(find: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 200; tries++) {
    const found = await find();
    if (found !== undefined) return found;
    await setTimeout(50);
  }
  throw new Error('It did not come about.');
}

describe('GET /metrics', () => {
  it('counts requests, items, batches, keys and round trips', async () => {
    const before = await scrape();
    await test.upload(ada, payload(steps(...minutes(5))));
    await test.upload(ada, payload(steps(...minutes(12_000, 'Phone'))));
    await test.post(ada, 'no json');
    const items = 'self_sensored_items_total{outcome="inserted"}';
    const text = await until(async () => {
      const now = await scrape();
      return numberOf(now, items) - (numberOf(before, items) || 0) >= 12_005 ? now : undefined;
    });
    const grown = (series: string) => numberOf(text, series) - (numberOf(before, series) || 0);
    expect(grown(items)).toBe(12_005);
    expect(
      grown('self_sensored_http_requests_total{endpoint="POST /api/v1/sync",status="202"}'),
    ).toBe(1);
    expect(grown('self_sensored_errors_total{error="invalid_json"}')).toBe(1);
    expect(grown('self_sensored_key_checks_total{known="nowhere"}')).toBeGreaterThan(0);
    expect(grown('self_sensored_key_checks_total{known="isolate"}')).toBeGreaterThan(0);
    expect(grown('self_sensored_slices_total{queue="self-sensored-slices",outcome="loaded"}')).toBe(
      2,
    );
    expect(grown('self_sensored_database_requests_total{outcome="ok"}')).toBeGreaterThan(4);
    expect(grown('self_sensored_upload_bytes_total')).toBeGreaterThan(600_000);
    expect(numberOf(text, 'self_sensored_receipts_not_closing')).toBe(0);
    expect(numberOf(text, 'self_sensored_database_up')).toBe(1);
    expect(text).toContain('self_sensored_queue_messages{queue="live"} ');
  });

  it('its histograms are cumulative, and end with all', async () => {
    await test.post(ada, payload());
    const text = await until(async () => {
      const now = await scrape();
      return now.includes('http_request_duration_seconds_count{endpoint="POST /api/v1/sync"}')
        ? now
        : undefined;
    });
    const buckets = [
      ...text.matchAll(
        /http_request_duration_seconds_bucket\{endpoint="POST \/api\/v1\/sync",le="([^"]+)"\} (\d+)/g,
      ),
    ]
      .map(([, bound, count]) => [bound === '+Inf' ? Infinity : Number(bound), Number(count)])
      .toSorted(([a = 0], [b = 0]) => a - b)
      .map(([, count]) => count);
    expect(buckets).toHaveLength(13);
    expect(buckets).toEqual(buckets.toSorted((a = 0, b = 0) => a - b));
    const count = 'self_sensored_http_request_duration_seconds_count{endpoint="POST /api/v1/sync"}';
    expect(buckets.at(-1)).toBe(numberOf(text, count));
  });

  it('names each family once, with its type and what it means, and none that is not in the catalogue', async () => {
    const text = await scrape();
    const types = [...text.matchAll(/^# TYPE (\S+) (\w+)$/gm)];
    const known: Record<string, { type: string }> = { ...COUNTED, ...ASKED };
    expect(types.length).toBeGreaterThan(10);
    expect(new Set(types.map(([, name]) => name)).size).toBe(types.length);
    for (const [, name = '', type] of types) {
      expect(known[name.slice(PREFIX.length)]?.type).toBe(type);
    }
    for (const line of text.trim().split('\n')) {
      expect(line).toMatch(/^(# (HELP|TYPE) .+|[a-z_]+(\{([a-z]+="[^"]*",?)+\})? -?[\d.e+-]+)$/);
    }
  });

  it('says when a person last uploaded, but not who it is', async () => {
    await test.upload(ada, payload(steps(...minutes(5))));
    const text = await scrape();
    expect(text).toMatch(/last_upload_timestamp_seconds\{person="[0-9a-f]{12}"\} /);
    expect(text).not.toContain(ada.id);
    expect(text).not.toContain(ada.id.replaceAll('-', '').slice(0, 12));
  });

  it('lets a database sleep, if it is told to', async () => {
    await scrape();
    test.stack.database.pause();
    const text = await scrape('?database=false');
    expect(text).not.toContain('receipts_open');
    expect(text).toContain('self_sensored_build_info');
  });

  it('answers with the database away, and says so', async () => {
    await scrape();
    test.stack.database.pause();
    const text = await scrape();
    expect(numberOf(text, 'self_sensored_database_up')).toBe(0);
  });
});

describe('a trace', () => {
  it('goes on behind the queue, from the request that began it', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    await test.upload(ada, payload(steps(...minutes(12_000))), {
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
    });
    const loads = await until(() => {
      const found = spans.filter((s) => s.traceId === traceId && s.name.startsWith('load '));
      return found.length === 2 ? found : undefined;
    });
    const root = spans.find((s) => s.traceId === traceId && s.name === 'POST /api/v1/sync');
    expect(root).toMatchObject({ parentSpanId: 'b7ad6b7169203331', service: 'self-sensored' });
    for (const load of loads) {
      expect(load).toMatchObject({
        parentSpanId: root?.spanId,
        service: 'self-sensored-consumer',
      });
      expect(spans.filter((s) => s.parentSpanId === load.spanId).map(({ name }) => name)).toContain(
        'postgres transaction',
      );
    }
  });

  it('is begun anew by a header that means nothing', async () => {
    await test.post(ada, payload(), { traceparent: '00-zz-1-01', 'X-Correlation-Id': 'odd-trace' });
    const line = test.logs
      .map((each) => JSON.parse(each))
      .find(({ correlation_id }) => correlation_id === 'odd-trace');
    expect(line.trace_id).toMatch(/^[0-9a-f]{32}$/);
  });

  it('holds no health value', async () => {
    const planted = { qty: 98765.4321, date: AT, source: 'CanarySource' };
    await test.upload(ada, payload(steps(planted)));
    await setTimeout(200);
    expect(bodies.join()).not.toContain('98765');
    expect(bodies.join()).not.toContain('CanarySource');
  });
});

describe('GET /health/detailed', () => {
  const ask = async () => {
    const { status, body } = await test.call('/health/detailed', ada.keys.admin);
    return { status, body: body as unknown as Record<string, unknown> };
  };

  it('tells how every part is', async () => {
    await test.ring('17 * * * *');
    await test.ring('43 3 * * *');
    const { status, body } = await ask();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      archive: { state: 'connected' },
      cache: { state: 'connected' },
      database: { state: 'connected', latency_ms: expect.any(Number) },
      receipts: { not_closing: 0 },
    });
    const tasks = (body.upkeep as { task: string }[]).map(({ task }) => task);
    expect(tasks).toEqual(expect.arrayContaining(['adopt', 'check_receipts', 'partitions']));
    const { partitions_until } = body.database as { partitions_until: string };
    expect(Date.parse(partitions_until)).toBeGreaterThan(Date.now() + 28 * 86_400_000);
  });

  it('goes on telling when dates of long ago share partitions', async () => {
    await test.upload(ada, payload(steps({ qty: 1, date: '1999-03-02 07:41:00 +0100' })));
    const { status, body } = await ask();
    expect(status).toBe(200);
    expect(body.database).toMatchObject({ state: 'connected' });
  });

  it('names what is wrong, each with its cure', async () => {
    const { id } = await test.upload(ada, payload(steps(...minutes(5))));
    await test.stack.query(`update ingestions set slices_total = 2 where id = $1`, [id]);
    await test.ring('17 * * * *');
    const { body } = await ask();
    expect(body.status).toBe('degraded');
    expect(body.alarms).toContainEqual(expect.stringContaining('1 receipts do not add up'));
    await test.ring('43 3 * * *');
    // Found by both checks, it is one.
    expect((await ask()).body.receipts).toMatchObject({ not_closing: 1 });
    await test.stack.query(`update ingestions set slices_total = 1 where id = $1`, [id]);
    await test.ring('43 3 * * *');
    // As the hourly check: of all that closed within the hour.
    await test.call('/api/v1/admin/reconcile', ada.keys.admin, {
      method: 'POST',
      body: '{}',
      headers: { 'Content-Type': 'application/json' },
    });
    expect((await ask()).body.receipts).toMatchObject({ not_closing: 0 });
  });

  it('is unhealthy without a database', async () => {
    await ask();
    test.stack.database.pause();
    const { status, body } = await ask();
    expect([status, body.status]).toEqual([503, 'unhealthy']);
  });
});

describe('logs', () => {
  const lines = () => test.logs.map((line) => JSON.parse(line) as Record<string, unknown>);

  it('have one line a request, with how many records it was about', async () => {
    await test.post(ada, payload(steps(...minutes(5))), { 'X-Correlation-Id': 'count-me' });
    const mine = lines().filter(({ correlation_id }) => correlation_id === 'count-me');
    expect(mine).toEqual([
      {
        timestamp: expect.any(String),
        level: 'info',
        message: 'request',
        correlation_id: 'count-me',
        trace_id: expect.any(String),
        user_id: ada.id,
        endpoint: 'POST /api/v1/sync',
        status: 200,
        duration_ms: expect.any(Number),
        records_processed: 5,
        database_requests: expect.any(Number),
      },
    ]);
  });

  it('have one line a batch', async () => {
    await test.upload(ada, payload(steps(...minutes(12_000))));
    const batch = await until(() =>
      lines().find(({ message, records_processed }) => message === 'batch' && records_processed),
    );
    expect(batch).toMatchObject({
      level: 'info',
      queue: 'self-sensored-slices',
      outcomes: expect.stringMatching(/\d loaded/),
      duration_ms: expect.any(Number),
    });
  });
});
