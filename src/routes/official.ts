import type { Context } from 'hono';
import type { AppEnv } from '../http/context.ts';
import { operation } from '../http/operation.ts';
import type { Counts, Receipt } from '../model.ts';
import { officialAnswer } from './answers/official.ts';
import { holdUpload } from './hold.ts';
import { refusing } from './refusals.ts';
import { takeUpload, UPLOAD_PROBLEMS } from './upload.ts';

/**
 * The contract of the app's own server (`POST /api/data` with an `api-key` header), so that its users change nothing
 * but the URL. It answers section by section: 200 if all is well, 207 if something was left out, 500 if nothing
 * could be stored. What is on its way counts as saved: the body is safe.
 */
export const officialSync = operation({
  method: 'POST',
  path: '/api/data',
  summary: "Takes a payload as the app's own server does, and answers as it does.",
  scope: 'ingest',
  quota: 'uploads',
  takesPayload: true,
  bare: 'application/json',
  answer: officialAnswer,
  statuses: [200, 207, 500],
  problems: UPLOAD_PROBLEMS,
  handler: async (c) => {
    const { receipt } = await refusing(() => takeUpload(c));
    return answer(c, receipt);
  },
  hold: async (c, key) => answer(c, await refusing(() => holdUpload(c, key))),
});

function answer(c: Context<AppEnv>, receipt: Receipt): Response {
  const results = resultsOf(receipt);
  const successes = Object.values(results).filter(({ success }) => success).length;
  const isPartial = receipt.totals.set_aside > 0;
  const status = successes === 0 ? 500 : isPartial ? 207 : 200;
  return c.json(results, status, { Location: `/api/v1/ingestions/${receipt.id}` });
}

interface SectionResult {
  success: boolean;
  message?: string;
  error?: string;
}

const OTHER_SECTIONS = [
  'workouts',
  'medications',
  'symptoms',
  'stateOfMind',
  'cycleTracking',
  'ecg',
  'heartRateNotifications',
];

function resultsOf({ completed_at, metrics }: Receipt): Record<string, SectionResult> {
  if (completed_at === null) {
    const success = { success: true, message: 'Received; loading goes on' };
    return { metrics: success, workouts: success };
  }
  const entries = Object.entries(metrics);
  const ofMetrics = entries.filter(([name]) => !OTHER_SECTIONS.includes(name));
  const sections = OTHER_SECTIONS.map((name) => [name, metrics[name]] as const);
  return {
    metrics: resultOf(
      'metrics',
      ofMetrics.map(([, counts]) => counts),
      ofMetrics.length,
    ),
    ...Object.fromEntries(
      sections
        .filter(([name, counts]) => counts !== undefined || name === 'workouts')
        .map(([name, counts]) => [name, resultOf(name, counts ? [counts] : [], counts?.received)]),
    ),
  };
}

/** Its own server calls a payload without a section a success with an error. */
function resultOf(section: string, counts: readonly Counts[], number = 0): SectionResult {
  if (counts.length === 0) return { success: true, error: `No ${section} data provided` };
  const setAside = counts.reduce((sum, { set_aside }) => sum + set_aside, 0);
  const received = counts.reduce((sum, each) => sum + each.received, 0);
  if (setAside === received && received > 0) {
    return { success: false, error: `None of ${received} items could be stored` };
  }
  const leftOut = setAside > 0 ? `, ${setAside} of ${received} items left out` : '';
  return { success: true, message: `${number} ${section} saved successfully${leftOut}` };
}
