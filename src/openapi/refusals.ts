import { PROBLEMS, type ProblemCode } from '../codes.ts';
import type { Operation } from '../http/operation.ts';
import type { Json } from '../model.ts';
import { EXAMPLE_CORRELATION_ID, EXAMPLE_INSTANT, type JsonObject } from './components.ts';

/** How a route may be refused: by what stands before its handler, and by what it says itself. */

const KEY: readonly ProblemCode[] = [
  'key_missing',
  'key_malformed',
  'key_invalid',
  'key_revoked',
  'key_expired',
  'scope_missing',
  'too_many_attempts',
  'database_unavailable',
];

const PAYLOAD: readonly ProblemCode[] = [
  'invalid_json',
  'no_payload',
  'invalid_gzip',
  'invalid_zip',
  'invalid_multipart',
  'invalid_parameter',
  'body_too_large',
  'expansion_refused',
  'foreign_export',
  'encoding_not_supported',
  'client_gone',
];

export function problemsOf(operation: Operation): ProblemCode[] {
  const { scope, quota, params, query, json, takesPayload, problems = [] } = operation;
  const takesParameters = query !== undefined || (scope !== null && !takesPayload);
  const isValidated = params !== undefined || takesParameters || json !== undefined;
  const codes = new Set<ProblemCode>([
    ...(isValidated ? (['invalid_parameter'] as const) : []),
    ...(json === undefined ? [] : (['invalid_json', 'body_too_large'] as const)),
    ...(takesPayload ? PAYLOAD : []),
    ...(scope === null ? (['too_many_requests'] as const) : KEY),
    ...(params === undefined ? [] : (['not_found'] as const)),
    ...(quota === 'none' ? [] : (['quota_exceeded'] as const)),
    ...problems,
    'internal_error',
  ]);
  // In the order of the table, whoever named them first.
  return (Object.keys(PROBLEMS) as ProblemCode[]).filter((code) => codes.has(code));
}

/** Refusals by status. */
export function refusalsOf(operation: Operation): Map<number, ProblemCode[]> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of problemsOf(operation)) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
}

/** @param codes all of one status */
export function describeRefusal(status: number, codes: readonly ProblemCode[]): JsonObject {
  const described = codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`);
  return {
    description: described.join('\n\n'),
    headers: refusalHeaders(status),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [
            { $ref: '#/components/schemas/Problem' },
            { properties: { status: { const: status }, error: { enum: [...codes] } } },
          ],
        },
        examples: Object.fromEntries(
          codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
        ),
      },
    },
  };
}

const reference = (name: string): Json => ({ $ref: `#/components/headers/${name}` });

const refusalHeaders = (status: number): JsonObject => ({
  'X-Correlation-Id': reference('X-Correlation-Id'),
  ...(status === 401 ? { 'WWW-Authenticate': reference('WWW-Authenticate') } : {}),
  ...(status === 429 || status === 503 ? { 'Retry-After': reference('Retry-After') } : {}),
});

/** Each way to be refused, once. */
export const PROBLEM_EXAMPLES: JsonObject = Object.fromEntries(
  Object.entries(PROBLEMS).map(([error, { status, title }]) => [
    error,
    {
      summary: title,
      value: {
        type: 'about:blank',
        title,
        status,
        success: false,
        error,
        correlation_id: EXAMPLE_CORRELATION_ID,
        timestamp: EXAMPLE_INSTANT,
      },
    },
  ]),
);
