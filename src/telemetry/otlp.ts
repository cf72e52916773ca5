import type { Span } from './trace.ts';

/** Sends spans to a collector in OTLP's JSON form (opentelemetry.io/docs/specs/otlp, "OTLP/HTTP"). */

export interface OtlpSettings {
  /** Base URL of the collector; `''`: there is none. */
  OTEL_EXPORTER_OTLP_ENDPOINT: string;
  /** `name=value,name=value`, such as an API key of the collector. */
  OTEL_EXPORTER_OTLP_HEADERS: string;
}

/** Whether spans go anywhere: only then are they worth making. */
export const isTraced = (settings: OtlpSettings): boolean =>
  settings.OTEL_EXPORTER_OTLP_ENDPOINT !== '';

const TIMEOUT_MS = 5_000;

/** Never rejects: a collector that is away harms nothing. For `waitUntil`. */
export async function exportSpans(
  service: string,
  spans: readonly Span[],
  settings: OtlpSettings,
): Promise<void> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: headers } = settings;
  const answer = await fetch(`${endpoint.replace(/\/$/, '')}/v1/traces`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headersOf(headers) },
    body: JSON.stringify(document(service, spans)),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => null);
  await answer?.body?.cancel();
}

const headersOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split(',')
      .filter((pair) => pair.includes('='))
      .map((pair) => [
        pair.slice(0, pair.indexOf('=')).trim(),
        pair.slice(pair.indexOf('=') + 1).trim(),
      ]),
  );

const document = (service: string, spans: readonly Span[]) => ({
  resourceSpans: [
    {
      resource: { attributes: attributesOf({ 'service.name': service }) },
      scopeSpans: [{ scope: { name: 'self-sensored' }, spans: spans.map(onTheWire) }],
    },
  ],
});

/** Numbers of the protocol's enumerations. */
const KINDS = { server: 2, client: 3, producer: 4, consumer: 5 } as const;
const STATUS_ERROR = 2;

const onTheWire = (span: Span) => ({
  traceId: span.traceId,
  spanId: span.spanId,
  ...(span.parentId === null ? {} : { parentSpanId: span.parentId }),
  name: span.name,
  kind: KINDS[span.kind],
  startTimeUnixNano: nanoseconds(span.startedAt),
  endTimeUnixNano: nanoseconds(span.endedAt),
  attributes: attributesOf(span.attributes),
  status: span.failed ? { code: STATUS_ERROR } : {},
});

const nanoseconds = (instant: number): string => `${instant}000000`;

const attributesOf = (attributes: Span['attributes']) =>
  Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => ({
      key,
      value: typeof value === 'number' ? { doubleValue: value } : { stringValue: value },
    }));
