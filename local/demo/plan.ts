import { AUTOMATIONS, type DemoAutomation } from './automations.ts';
import { type Clock, dayAt, instantOf, MINUTE, startOfDay, weekdayOf } from './calendar.ts';
import { randomFor, uuid } from './random.ts';

/** Which uploads a phone makes over some days, in order. Says nothing yet of what is in them. Pure. */

export interface DemoOptions {
  seed: number;
  /** How many days of data. */
  days: number;
  /** Number of the day that the data ends before. */
  until: number;
}

interface Window {
  sentAt: number;
  /** Buckets that begin in `[from, to)`. The last one may not be over at `to`. */
  from: number;
  to: number;
}

/** One request of the app. */
export interface Upload extends Window {
  automation: DemoAutomation;
  /** How the phone writes instants at that time. */
  clock: Clock;
  /** What the app says in its headers. */
  headers: Readonly<Record<string, string>>;
}

const MAX_HISTORY_DAYS = 90;
const RESENT_DAYS = 30;

/** The history before the app was set up, then an upload each evening and some each Monday, then a month once more. */
export function planUploads({ seed, days, until }: DemoOptions): Upload[] {
  const first = until - days;
  const setUp = first + Math.min(MAX_HISTORY_DAYS, Math.floor(days / 3));
  const upload = uploader(seed);
  const end = startOfDay(until);
  const evenings = Array.from({ length: until - setUp }, (_, i) => eveningOf(seed, setUp + i));
  const again = Math.max(first, until - RESENT_DAYS);
  return [
    ...history(upload, first, setUp),
    // The last upload comes after midnight, so that the last day is whole.
    ...[...evenings, end + 5 * MINUTE].flatMap((sentAt, i) => {
      const lastSync = i === 0 ? startOfDay(setUp) : (evenings[i - 1] ?? end);
      return daily(upload, { sentAt, lastSync, first, end });
    }),
    upload(AUTOMATIONS.again, { sentAt: end + 10 * MINUTE, from: startOfDay(again), to: end }),
  ];
}

type Uploader = (automation: DemoAutomation, window: Window) => Upload;

function history(upload: Uploader, first: number, setUp: number): Upload[] {
  if (first === setUp) return [];
  const { historyMinutes, historyHours, historyDays, historyWorkouts } = AUTOMATIONS;
  const [sentAt, from, to] = [instantOf(setUp, 555), startOfDay(first), startOfDay(setUp)];
  return [historyMinutes, historyHours, historyDays, historyWorkouts].map((automation, i) =>
    upload(automation, { sentAt: sentAt + i * MINUTE, from, to }),
  );
}

interface Sync {
  sentAt: number;
  lastSync: number;
  first: number;
  end: number;
}

function daily(upload: Uploader, { sentAt, lastSync, first, end }: Sync): Upload[] {
  const today = dayAt(sentAt);
  const to = Math.min(sentAt, end);
  const yesterday = startOfDay(Math.max(first, today - 1));
  const uploads = [
    // The minute of the last upload was not over then.
    upload(AUTOMATIONS.minutes, { sentAt, from: Math.floor(lastSync / MINUTE) * MINUTE, to }),
    upload(AUTOMATIONS.hours, { sentAt: sentAt + 20_000, from: yesterday, to }),
  ];
  if (weekdayOf(today) !== 1 && sentAt < end) return uploads;
  const [from, midnight] = [startOfDay(Math.max(first, today - 7)), startOfDay(today)];
  const { days, workouts, symptoms } = AUTOMATIONS;
  return [
    ...uploads,
    ...[days, workouts, symptoms].map((automation, i) =>
      upload(automation, { sentAt: sentAt + (i + 2) * 20_000, from, to: midnight }),
    ),
  ];
}

function eveningOf(seed: number, day: number): number {
  const random = randomFor(seed, day, 'evening');
  return instantOf(day, 1215 + Math.floor(random() * 100)) + Math.floor(random() * 60_000);
}

function uploader(seed: number): Uploader {
  return (automation, window) => ({
    ...window,
    automation,
    clock: clockAt(window.sentAt),
    headers: {
      'content-type': 'application/json',
      'automation-name': automation.name,
      'automation-id': uuid(randomFor(seed, 'automation', automation.name)),
      'automation-aggregation': automation.aggregation,
      'automation-period': automation.period,
      'session-id': uuid(randomFor(seed, 'session', automation.name, window.sentAt)),
    },
  });
}

/** One week in three has a 12-hour clock, in turn as older and as newer iOS writes it. */
function clockAt(sentAt: number): Clock {
  const week = Math.floor(dayAt(sentAt) / 7);
  if (week % 6 === 2) return '12';
  return week % 6 === 5 ? '12-narrow' : '24';
}
