import { expect, it } from 'vitest';
import { exposition } from '../../../src/telemetry/exposition.ts';
import { Meter, seriesName } from '../../../src/telemetry/meter.ts';

it('buckets hold all that is below them, and the last one is the count', () => {
  const meter = new Meter();
  for (const seconds of [0.004, 0.02, 0.02, 40]) {
    meter.observe('slice_duration_seconds', { queue: 'q' }, seconds);
  }
  const lines = exposition(meter.drain()).split('\n');
  const bucket = (le: string) =>
    lines
      .find((line) => line.includes(`_bucket{queue="q",le="${le}"}`))
      ?.split(' ')
      .at(-1);
  expect(['0.005', '0.01', '0.025', '30', '+Inf'].map(bucket)).toEqual(['1', '1', '3', '3', '4']);
  expect(lines).toContain('self_sensored_slice_duration_seconds_count{queue="q"} 4');
  expect(lines.find((line) => line.includes('_sum{queue="q"}'))).toMatch(/ 40\.04/);
});

it('a histogram without labels has none but its bounds', () => {
  const meter = new Meter();
  meter.observe('database_duration_seconds', {}, 0.2);
  const text = exposition(meter.drain());
  expect(text).toContain('self_sensored_database_duration_seconds_bucket{le="0.25"} 1\n');
  expect(text).toContain('self_sensored_database_duration_seconds_count 1\n');
});

it('label values are quoted as the format wants it', () => {
  expect(seriesName('x', { a: 'b"c\\d\ne' })).toBe('self_sensored_x{a="b\\"c\\\\d\\ne"}');
});

it('what could not be handed on is counted on', () => {
  const meter = new Meter();
  meter.count('batches_total', { queue: 'q' });
  const drained = meter.drain();
  meter.count('batches_total', { queue: 'q' }, 2);
  meter.restore(drained);
  expect([...meter.drain().values()]).toEqual([3]);
});
