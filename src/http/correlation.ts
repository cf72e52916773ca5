import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { personTag } from '../keys/person-tag.ts';
import { log } from '../log.ts';
import { flushSoon } from '../telemetry/flush-soon.ts';
import { isolateMeter } from '../telemetry/isolate-meter.ts';
import { exportSpans, isTraced } from '../telemetry/otlp.ts';
import { readTraceparent, type Span, Trace } from '../telemetry/trace.ts';
import type { AppEnv } from './context.ts';
import { endpointOf } from './endpoint.ts';

/** Ids that are safe in a header, a log line and a column. */
const SAFE_ID = /^[\w.:-]{1,128}$/;

/**
 * Gives the request an id and a trace, or keeps those it came with; at its end writes its one line of log, counts it,
 * and hands its spans on.
 */
export const correlation = createMiddleware<AppEnv>(async function correlate(c, next) {
  const given = c.req.header('x-correlation-id');
  const id = given !== undefined && SAFE_ID.test(given) ? given : crypto.randomUUID();
  c.set('correlationId', id);
  c.set('trace', new Trace(readTraceparent(c.req.header('traceparent'))));
  c.set('records', null);
  const started = Date.now();
  await next();
  c.header('X-Correlation-Id', id);
  tell(c, Date.now() - started);
});

const isToDatabase = ({ attributes }: Pick<Span, 'attributes'>): boolean =>
  'db.system.name' in attributes;

function tell(c: Context<AppEnv>, duration: number): void {
  const { status } = c.res;
  const trace = c.get('trace');
  const userId = c.get('identity')?.userId ?? null;
  const records = c.get('records');
  const endpoint = endpointOf(c);

  log(status >= 500 ? 'error' : 'info', 'request', {
    correlation_id: c.get('correlationId'),
    trace_id: trace.context.traceId,
    user_id: userId,
    endpoint,
    status,
    duration_ms: duration,
    records_processed: records,
    database_requests: trace.spans.filter(isToDatabase).length,
  });
  isolateMeter.count('http_requests_total', { endpoint, status: String(status) });
  isolateMeter.observe('http_request_duration_seconds', { endpoint }, duration / 1000);
  const settings = c.get('settings');
  // Nothing can be handed on by a Worker that is not set up.
  if (settings === undefined) return;
  c.executionCtx.waitUntil(writeTraffic(c, { endpoint, status, duration, records }));
  c.executionCtx.waitUntil(flushSoon(isolateMeter, c.get('redis')));
  if (!isTraced(settings)) return;
  const attributes = {
    'http.request.method': c.req.method,
    'http.route': endpoint,
    'http.response.status_code': status,
    'self_sensored.correlation_id': c.get('correlationId'),
  };
  const spans = trace.end({ name: endpoint, kind: 'server', attributes, failed: status >= 500 });
  c.executionCtx.waitUntil(exportSpans('self-sensored', spans, settings));
}

interface Ended {
  endpoint: string;
  status: number;
  duration: number;
  records: number | null;
}

/** A point of Analytics Engine, which keeps it for three months: the person is the tag that metrics have. */
async function writeTraffic(c: Context<AppEnv>, ended: Ended): Promise<void> {
  const { TRAFFIC } = c.env;
  if (TRAFFIC === undefined) return;
  const { userId } = c.get('identity') ?? {};
  const { KEY_PEPPER } = c.get('settings');
  TRAFFIC.writeDataPoint({
    indexes: [userId === undefined ? 'none' : await personTag(KEY_PEPPER, userId)],
    blobs: [ended.endpoint, String(ended.status)],
    doubles: [ended.duration, ended.records ?? 0],
  });
}
