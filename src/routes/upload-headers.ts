import { HttpProblem } from '../http/problem.ts';
import { BodyRefused } from '../ingest/body.ts';

/** What the headers of an upload say of its body. */

/** @throws BodyRefused before a byte has been read. */
export function refuseDeclaredLength(headers: Headers, maxBytes: number): void {
  if (Number(headers.get('content-length')) > maxBytes) {
    throw new BodyRefused('body_too_large', `Bodies may have ${maxBytes} bytes.`);
  }
}

/** @throws HttpProblem */
export function isGzip(headers: Headers): boolean {
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding === 'gzip' || encoding === 'x-gzip') return true;
  if (encoding === '' || encoding === 'identity') return false;
  throw new HttpProblem('encoding_not_supported', {
    detail: 'Send the body as it is, or as gzip.',
  });
}

const MAX_IDEMPOTENCY_KEY = 255;

/** @throws HttpProblem */
export function idempotencyKey(headers: Headers): string | null {
  const key = headers.get('idempotency-key')?.trim();
  if (key === undefined || key === '') return null;
  if (key.length <= MAX_IDEMPOTENCY_KEY) return key;
  throw new HttpProblem('invalid_parameter', {
    errors: [
      {
        pointer: 'Idempotency-Key',
        code: 'too_big',
        message: `At most ${MAX_IDEMPOTENCY_KEY} characters.`,
      },
    ],
  });
}
