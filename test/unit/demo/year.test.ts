import { describe, expect, it } from 'vitest';
import { writeBody } from '../../../local/demo/body.ts';
import { dayNumber, startOfDay } from '../../../local/demo/calendar.ts';
import { METRICS } from '../../../local/demo/metrics.ts';
import { planUploads } from '../../../local/demo/plan.ts';
import { METRICS as CATALOGUE } from '../../../src/catalog/metrics.ts';
import { Cutter } from '../../../src/hae/cut.ts';
import { decode } from '../../../src/hae/decode.ts';
import type { Slice } from '../../../src/model.ts';
import { type Body, plainSource, pointKeys, pointsOf } from './bodies.ts';

const SEED = 1;
const UNTIL = dayNumber('2026-06-01') ?? 0;
const uploads = planUploads({ seed: SEED, days: 365, until: UNTIL });
const texts = uploads.map((upload) => writeBody(SEED, upload));
const bodies = texts.map((text): Body => JSON.parse(text));
const sizes = texts.map((text) => Buffer.byteLength(text));

const ofAutomation = (name: string) =>
  uploads.flatMap((upload, i) => (upload.automation.name === name ? [i] : []));

describe('a year of uploads', () => {
  it('weighs some tens of megabytes', () => {
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(25e6);
    expect(total).toBeLessThan(45e6);
  });

  it('begins with a history large enough for the queue and goes on in small bodies', () => {
    expect(uploads[0]?.automation.name).toBe('History, by the minute');
    expect(sizes[0]).toBeGreaterThan(3e6);
    const daily = [...ofAutomation('By the minute'), ...ofAutomation('By the hour')];
    expect(daily.length).toBeGreaterThan(500);
    for (const i of daily) expect(sizes[i]).toBeLessThan(200_000);
  });

  it('has every metric of the catalogue', () => {
    const met = new Set(bodies.flatMap((body) => pointsOf(body).map(({ metric }) => metric)));
    expect(CATALOGUE.map(({ name }) => name).filter((name) => !met.has(name))).toEqual([]);
    expect(Object.keys(METRICS).filter((name) => !met.has(name))).toEqual([]);
  });

  it('never has two points of one metric, source and instant in one body', () => {
    for (const body of bodies) {
      const keys = pointKeys(body);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('carries only numbers, none below zero', () => {
    const odd = bodies
      .flatMap(pointsOf)
      .filter(({ point }) =>
        Object.values(point).some((value) => typeof value !== 'string' && !(value >= 0)),
      );
    expect(odd).toEqual([]);
  });

  it('has sleep, workouts and symptoms besides the numbers', () => {
    const count = (of: (body: Body) => readonly unknown[] | undefined) =>
      bodies.reduce((sum, body) => sum + (of(body)?.length ?? 0), 0);
    expect(count(({ data }) => data.workouts)).toBeGreaterThan(100);
    expect(count(({ data }) => data.symptoms)).toBeGreaterThan(10);
    const nights = bodies.flatMap(pointsOf).filter(({ metric }) => metric === 'sleep_analysis');
    expect(nights.length).toBeGreaterThanOrEqual(365);
  });
});

describe('the decoder of the server', () => {
  it('understands every item, or says that this kind is still to come', () => {
    const context = {
      receivedAt: startOfDay(UNTIL),
      timeZone: 'Europe/Vienna',
      grouping: 'unknown' as const,
      partialBuckets: false,
    };
    const codes = new Set<string>();
    let taken = 0;
    for (const bytes of texts.map((text) => new TextEncoder().encode(text))) {
      for (const slice of cut(bytes)) {
        const decoded = decode(bytes.subarray(slice.start, slice.end), slice, context);
        for (const { code } of decoded.issues) codes.add(code);
        for (const { received, set_aside } of decoded.counts.values())
          taken += received - set_aside;
      }
    }
    expect([...codes]).toEqual([]);
    expect(taken).toBeGreaterThan(200_000);
  });

  function cut(bytes: Uint8Array): Slice[] {
    const cutter = new Cutter({ sliceBytes: 524_288 });
    cutter.push(bytes);
    return cutter.end().slices;
  }
});

describe('the quirks of the app in it', () => {
  const dates = bodies.flatMap((body) => pointsOf(body).map(({ point }) => `${point.date}`));

  it('writes dates with a 24-hour clock and with both 12-hour clocks', () => {
    const forms = [
      / \d\d:\d\d:00 \+0\d00$/,
      / \d?\d:\d\d:00 [AP]M \+/,
      / \d?\d:\d\d:00\u202f[AP]M \+/,
    ];
    for (const form of forms) expect(dates.some((date) => form.test(date))).toBe(true);
  });

  it('has both offsets of the zone', () => {
    expect(new Set(dates.map((date) => date.slice(-5)))).toEqual(new Set(['+0100', '+0200']));
  });

  it('counts the steps of one minute with two devices, that differ, or with both at once', () => {
    const steps = pointsOf(bodies[0]).filter(({ metric }) => metric === 'step_count');
    const byMinute = Map.groupBy(steps, ({ point }) => point.date);
    const twice = [...byMinute.values()].filter((points) => points.length === 2);
    expect(twice.length).toBeGreaterThan(100);
    expect(twice.some(([a, b]) => a?.point.qty !== b?.point.qty)).toBe(true);
    const sources = new Set(steps.map(({ point }) => point.source));
    expect(sources).toContain('Ada’s Apple\u00a0Watch|Ada’s iPhone');
    expect(sources).toContain('Ada’s iPhone|Ada’s Apple\u00a0Watch');
  });

  it('sends energy in kJ and in kcal', () => {
    const units = bodies.flatMap((body) =>
      (body.data.metrics ?? []).filter(({ name }) => name === 'active_energy').map((m) => m.units),
    );
    expect(new Set(units)).toEqual(new Set(['kJ', 'kcal']));
  });

  it('sends meal times, reasons and values with glucose, insulin and hygiene', () => {
    const seen = (metric: string, field: string) =>
      new Set(
        bodies.flatMap(pointsOf).flatMap((p) => (p.metric === metric ? [p.point[field]] : [])),
      );
    expect(seen('blood_glucose', 'mealTime')).toEqual(
      new Set(['Before Meal', 'After Meal', 'Unspecified']),
    );
    expect(seen('insulin_delivery', 'reason')).toEqual(new Set(['Bolus', 'Basal']));
    expect(seen('handwashing', 'value')).toEqual(new Set(['Complete', 'Incomplete']));
  });

  it('keeps no order of keys', () => {
    const orders = pointsOf(bodies[0])
      .filter(({ metric }) => metric === 'heart_rate')
      .map(({ point }) => Object.keys(point).join());
    expect(new Set(orders).size).toBeGreaterThan(1);
  });

  it('sends metrics without points', () => {
    expect(
      bodies.some(({ data }) => data.metrics?.some((metric) => metric.data.length === 0)),
    ).toBe(true);
  });
});

describe('uploads that overlap', () => {
  it('sends the hours of a day again the next evening, with a last hour that has grown', () => {
    const [first, second] = ofAutomation('By the hour').slice(10, 12);
    const steps = (i: number | undefined) =>
      new Map(
        pointsOf(bodies[i ?? -1])
          .filter(({ metric }) => metric === 'basal_energy_burned')
          .map(({ point }) => [instant(point.date), Number(point.qty)]),
      );
    const [earlier, later] = [steps(first), steps(second)];
    const shared = [...earlier.keys()].filter((at) => later.has(at));
    expect(shared.length).toBeGreaterThanOrEqual(20);
    const last = Math.max(...shared);
    expect(later.get(last)).toBeGreaterThan(earlier.get(last) ?? Number.NaN);
    for (const at of shared) if (at !== last) expect(later.get(at)).toBe(earlier.get(at));
  });

  it('knows every point of the month that comes again at the end, but for its clock', () => {
    const known = new Set(bodies.slice(0, -1).flatMap((body) => comparable(body)));
    const again = comparable(bodies.at(-1));
    expect(uploads.at(-1)?.automation.name).toBe('The last month again');
    expect(again.length).toBeGreaterThan(1000);
    expect(again.filter((point) => !known.has(point))).toEqual([]);
  });

  const comparable = (body: Body | undefined): string[] =>
    pointsOf(body).map(({ metric, point: { date, source, ...fields } }) =>
      [metric, instant(date), plainSource(source), ...Object.entries(fields).sort()].join(),
    );
});

/** Vienna has whole hours of offset: `+0100` is all there is to read. */
function instant(date: unknown): number {
  return Date.parse(`${date}`.replace('\u202f', ' '));
}
