import type { Context } from 'hono';
import { z } from 'zod';
import { STORED_UNITS, unitsBeside } from '../catalog/display.ts';
import { findUnit } from '../catalog/units.ts';
import { DatabaseFault, type Row } from '../database.ts';
import { answer } from '../http/answer.ts';
import { verifierOf } from '../http/auth.ts';
import type { AppEnv } from '../http/context.ts';
import { success } from '../http/envelope.ts';
import { operation } from '../http/operation.ts';
import { HttpProblem } from '../http/problem.ts';
import { dayNumberOf, selectPreferences, toPreferences } from '../read/preferences.ts';
import { audit } from '../store/audit.ts';
import {
  allowZoneChange,
  awaitLoads,
  changedFields,
  changePreferences,
  MAX_ZONE_CHANGES_A_DAY,
  type PreferenceChange,
  selectLookups,
  toLookup,
  ZONE_CHANGES_EXCEEDED,
  ZONE_UNKNOWN,
} from '../store/preferences.ts';
import { actorOf } from './actor.ts';
import { timeZone } from './time-zone.ts';
import { wake } from './wake.ts';

/** How a person wants days, weeks and units. */

const weekStart = z.enum(['monday', 'saturday', 'sunday']);

const preferences = z
  .object({
    time_zone: z.string().describe('IANA time zone; the days of all questions are its days'),
    week_start: weekStart,
    units: z
      .record(z.string(), z.string())
      .describe('For units that values are stored in, the unit to show'),
  })
  .meta({
    example: { time_zone: 'Europe/Vienna', week_start: 'monday', units: { km: 'mi', kg: 'lb' } },
  });

/** More than there are units. */
const MAX_UNITS = 100;

/** For each stored unit one that measures the same, in the spelling of the unit table; `null` takes it back. */
const unitChoice = z
  .record(z.string(), z.string().nullable())
  .refine((wanted) => Object.keys(wanted).length <= MAX_UNITS, `At most ${MAX_UNITS} units.`)
  .transform((wanted, context) => {
    const choice: Record<string, string | null> = {};
    for (const [stored, shown] of Object.entries(wanted)) {
      const message = complaint(stored, shown);
      if (message !== null) context.addIssue({ code: 'custom', path: [stored], message });
      const name = shown === null ? null : (findUnit(shown)?.name ?? null);
      choice[stored] = name === stored ? null : name;
    }
    return choice;
  });

function complaint(stored: string, shown: string | null): string | null {
  if (!STORED_UNITS.has(stored)) {
    return `Values are stored in one of ${[...STORED_UNITS].join(', ')}.`;
  }
  const possible = unitsBeside(stored);
  const isPossible = shown === null || possible.includes(findUnit(shown)?.name ?? '');
  return isPossible ? null : `What is stored in ${stored} can be shown in ${possible.join(', ')}.`;
}

const showPreferences = operation({
  method: 'GET',
  path: '/api/v1/preferences',
  summary: 'How the person wants days, weeks and units.',
  scope: 'preferences',
  quota: 'reads',
  answer: preferences,
  handler: async (c) => {
    const { userId } = c.get('identity');
    const [row] = await c.get('database').queryAs(userId, selectPreferences(userId));
    return answer(c, toPreferences(found(row)));
  },
});

const patchPreferences = operation({
  method: 'PATCH',
  path: '/api/v1/preferences',
  summary: 'Changes some of it. Another time zone recomputes all days of the person.',
  scope: 'preferences',
  quota: 'reads',
  json: z
    .strictObject({
      time_zone: timeZone.optional(),
      week_start: weekStart.optional(),
      units: unitChoice.optional(),
    })
    .meta({ example: { time_zone: 'America/New_York', units: { km: 'mi', kg: null } } }),
  answer: preferences,
  problems: ['zone_changes_exceeded'],
  handler: async (c, { json }) => {
    const row = await change(
      c,
      {
        timeZone: json.time_zone ?? null,
        weekStart: json.week_start === undefined ? null : dayNumberOf(json.week_start),
        units: json.units ?? {},
      },
      json,
    );
    const message = row.moved === true ? await afterMove(c) : undefined;
    return success(c, toPreferences(row), message === undefined ? {} : { message });
  },
});

async function change(
  c: Context<AppEnv>,
  wanted: PreferenceChange,
  fields: Readonly<Record<string, unknown>>,
): Promise<Row> {
  const { userId } = c.get('identity');
  const deed = {
    action: 'preferences_changed',
    personId: userId,
    object: userId,
    details: { fields: changedFields(fields) },
  } as const;
  try {
    const { timeZone: zone } = wanted;
    const before = [awaitLoads(userId), ...(zone === null ? [] : [allowZoneChange(userId, zone)])];
    const changed = changePreferences(userId, wanted);
    const rows = await c
      .get('database')
      .transaction([...before, changed, ...audit(actorOf(c), deed, Date.now())]);
    return found(rows[before.length]?.[0]);
  } catch (error) {
    if (!(error instanceof DatabaseFault)) throw error;
    if (error.code === ZONE_CHANGES_EXCEEDED) throw zoneChangesExceeded();
    if (error.code !== ZONE_UNKNOWN) throw error;
    const message = 'The database does not know this time zone. Take another name of it.';
    throw new HttpProblem('invalid_parameter', {
      errors: [{ pointer: '/time_zone', code: 'unknown_time_zone', message }],
    });
  }
}

const zoneChangesExceeded = () =>
  new HttpProblem('zone_changes_exceeded', {
    detail: `The time zone may change ${MAX_ZONE_CHANGES_A_DAY} times a day: each change recomputes all days. Questions take another zone by ?tz=.`,
    headers: { 'Retry-After': String(HOUR_SECONDS) },
  });

/** Keys are remembered with the zone of their person, by which dates without an offset are read. */
async function afterMove(c: Context<AppEnv>): Promise<string> {
  await wake(c, { totals: c.get('identity').userId });
  const verifier = verifierOf(c);
  const rows = await c.get('database').query(selectLookups(c.get('identity').userId));
  const outcomes = await Promise.allSettled(rows.map((row) => verifier.change(toLookup(row))));
  return outcomes.every(({ status }) => status === 'fulfilled')
    ? 'All days are being recomputed in this zone.'
    : 'All days are being recomputed in this zone. The cache is away: for up to a day, dates without an offset are read in the former one.';
}

const HOUR_SECONDS = 3600;

function found(row: Row | undefined): Row {
  if (row === undefined) throw new HttpProblem('not_found', { detail: 'There is no such person.' });
  return row;
}

export const preferenceRoutes = [showPreferences, patchPreferences];
