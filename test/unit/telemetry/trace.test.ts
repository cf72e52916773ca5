import { expect, it } from 'vitest';
import { readTraceparent, Trace, writeTraceparent } from '../../../src/telemetry/trace.ts';

const GOOD = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

it('a sound traceparent is continued', () => {
  const trace = new Trace(readTraceparent(GOOD));
  expect(trace.context.traceId).toBe('0af7651916cd43dd8448eb211c80319c');
  const [root] = trace.end({ name: 'x', kind: 'server', attributes: {}, failed: false });
  expect(root?.parentId).toBe('b7ad6b7169203331');
  expect(readTraceparent(writeTraceparent(trace.context))).toEqual(trace.context);
});

it.each([
  undefined,
  null,
  '',
  GOOD.toUpperCase(),
  GOOD.replace('00-', '01-'),
  `${GOOD}-more`,
  '00-00000000000000000000000000000000-b7ad6b7169203331-01',
  '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
])('%s means nothing', (header) => {
  expect(readTraceparent(header)).toBeNull();
});

it('a loop does not fill memory with spans', () => {
  const trace = new Trace(null);
  const span = { name: 'x', kind: 'client', startedAt: 0, attributes: {}, failed: false } as const;
  for (let i = 0; i < 1_000; i++) trace.note(span);
  expect(trace.spans.length).toBeLessThan(1_000);
});
