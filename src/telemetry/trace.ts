import { hex } from '../hex.ts';

/** Where a piece of work belongs: W3C Trace Context, and the spans that OpenTelemetry makes of it. */

export interface TraceContext {
  /** 32 and 16 hexadecimal digits. */
  traceId: string;
  spanId: string;
}

export interface Span extends TraceContext {
  parentId: string | null;
  name: string;
  kind: 'server' | 'client' | 'producer' | 'consumer';
  /** Unix milliseconds. */
  startedAt: number;
  endedAt: number;
  attributes: Readonly<Record<string, string | number | null>>;
  failed: boolean;
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;

/** @returns `null` if the header is missing or means nothing (https://www.w3.org/TR/trace-context, 3.2). */
export function readTraceparent(header: string | null | undefined): TraceContext | null {
  const [, traceId = '', spanId = ''] = TRACEPARENT.exec(header ?? '') ?? [];
  return /[1-9a-f]/.test(traceId) && /[1-9a-f]/.test(spanId) ? { traceId, spanId } : null;
}

export const writeTraceparent = ({ traceId, spanId }: TraceContext): string =>
  `00-${traceId}-${spanId}-01`;

const randomHex = (bytes: number): string => hex(crypto.getRandomValues(new Uint8Array(bytes)));

/** More spans than these in one request are a loop; they would only fill memory. */
const MOST_SPANS = 200;

/** A span that was done inside a trace: whose id is made once the trace is exported. */
type NotedSpan = Omit<Span, 'traceId' | 'spanId' | 'parentId'>;

/** One request, or one slice from a queue, and what happened inside of it. */
export class Trace {
  /** Where the root span stands; what is called from here continues it. */
  readonly context: TraceContext;
  readonly spans: NotedSpan[] = [];
  readonly #parent: TraceContext | null;
  readonly #startedAt = Date.now();

  constructor(parent: TraceContext | null) {
    this.#parent = parent;
    this.context = { traceId: parent?.traceId ?? randomHex(16), spanId: randomHex(8) };
  }

  /** Notes something that was done inside, and has just ended. */
  note(span: Omit<NotedSpan, 'endedAt'>): void {
    if (this.spans.length === MOST_SPANS) return;
    this.spans.push({ ...span, endedAt: Date.now() });
  }

  /** Ends the root span. @returns all spans */
  end(root: Pick<Span, 'name' | 'kind' | 'attributes' | 'failed'>): Span[] {
    const parentId = this.#parent?.spanId ?? null;
    const times = { startedAt: this.#startedAt, endedAt: Date.now() };
    const { traceId, spanId } = this.context;
    return [
      { ...root, ...this.context, parentId, ...times },
      ...this.spans.map((span) => ({ ...span, traceId, spanId: randomHex(8), parentId: spanId })),
    ];
  }
}
