import { Cutter } from '../src/hae/cut.ts';
import { decode } from '../src/hae/decode.ts';
import * as records from './records.ts';
import type { Report } from './report.ts';
import { median } from './statistics.ts';

/** What it costs to decode an item, by its shape. */

const POINTS = 20_000;
const ITEMS = 4_000;
const { many, metricPayload, payload } = records;

const SHAPES: Readonly<Record<string, { items: number; body: object }>> = {
  quantity: {
    items: POINTS,
    body: metricPayload('step_count', 'count', many(POINTS, records.quantity)),
  },
  range: {
    items: POINTS,
    body: metricPayload('heart_rate', 'count/min', many(POINTS, records.range)),
  },
  'blood pressure': {
    items: POINTS,
    body: metricPayload('blood_pressure', 'mmHg', many(POINTS, records.pressure)),
  },
  'sleep segment': {
    items: ITEMS,
    body: metricPayload('sleep_analysis', 'hr', many(ITEMS, records.segment)),
  },
  night: { items: ITEMS, body: metricPayload('sleep_analysis', 'hr', many(ITEMS, records.night)) },
  'route point': { items: POINTS, body: payload({ workouts: [records.workout(POINTS)] }) },
  'point of a workout': {
    items: POINTS,
    body: payload({
      workouts: [{ ...records.workout(60), heartRateData: many(POINTS, records.heartRate) }],
    }),
  },
  voltage: { items: POINTS, body: payload({ ecg: [records.ecg(0, POINTS)] }) },
  symptom: { items: ITEMS, body: payload({ symptoms: many(ITEMS, records.symptom) }) },
  dose: { items: ITEMS, body: payload({ medications: many(ITEMS, records.dose) }) },
  'state of mind': {
    items: ITEMS,
    body: payload({ stateOfMind: many(ITEMS, records.stateOfMind) }),
  },
};

const CONTEXT = {
  // Late enough for all dates of these bodies.
  receivedAt: Date.UTC(2040, 0, 1),
  timeZone: 'UTC',
  grouping: 'unknown',
  partialBuckets: false,
} as const;

const ROUNDS = 15;

export function measureShapes(report: Report): void {
  const shapes = Object.entries(SHAPES).map(([name, { items, body }]) => {
    const bytes = new TextEncoder().encode(JSON.stringify(body));
    const cutter = new Cutter({ sliceBytes: Number.POSITIVE_INFINITY });
    cutter.push(bytes);
    const { slices } = cutter.end();
    return { name, items, bytes, slices, times: [] as number[] };
  });
  // In turns, and the first rounds to warm up: the machine is shared, and the compiler learns.
  for (let round = -5; round < ROUNDS; round++) {
    for (const { name, bytes, slices, times } of shapes) {
      const started = performance.now();
      for (const slice of slices) {
        const { issues } = decode(bytes, slice, CONTEXT);
        if (issues.length > 0) throw new Error(`${name}: ${issues[0]?.code}`);
      }
      if (round >= 0) times.push(performance.now() - started);
    }
  }
  const costs = shapes.map(({ name, items, bytes, times }) => ({
    name,
    micros: (median(times) * 1000) / items,
    nanosPerByte: (median(times) * 1e6) / bytes.length,
  }));
  const plain = costs[0]?.nanosPerByte ?? Number.NaN;
  for (const { name, micros, nanosPerByte } of costs) {
    const share = nanosPerByte / plain;
    report.add(
      `decoding a ${name}`,
      `${micros.toFixed(1)} µs, ${share.toFixed(1)} × the plain quantity's ${plain.toFixed(0)} ns a byte`,
      '≤ 2 × a byte',
      share <= 2,
    );
  }
}
