import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { ExportOnTheWire } from '../../../src/read/exports.ts';
import { metric, payload } from './payloads.ts';
import type { Person, TestStack } from './stack.ts';

/** An upload with all sections of the app, and what comes of exports. */

export const EXAMPLE = readFileSync(
  new URL('../../../examples/health-auto-export.json', import.meta.url),
  'utf8',
);

const segment = (start: string, end: string, value: string) => ({
  startDate: `2026-03-02 ${start}:00 +0000`,
  endDate: `2026-03-02 ${end}:00 +0000`,
  value,
  source: 'Watch',
});

/** Segments of a night, one with a word of the app's own, and a point that is set aside. */
const MORE = payload(
  metric('sleep_analysis', 'hr', [
    segment('01:00', '02:00', 'Core'),
    segment('02:00', '02:30', 'Deep'),
    segment('02:30', '03:00', 'Träumend'),
  ]),
  metric('step_count', 'count', [{ qty: 1, date: 'never' }]),
);

/** Rows in every table that there are rows of people in. */
export async function uploadEverything(test: TestStack, person: Person): Promise<void> {
  await test.upload(person, EXAMPLE);
  await test.upload(person, MORE);
  await test.stack.query(
    `insert into source_preferences (user_id, scope, name, ranked, excluded)
     values ($1, 'metric', 'step_count', array['watch', 'a, "b"'], array['phone'])`,
    [person.id],
  );
  await test.stack.query(
    `with goal as (
       insert into goals (user_id, metric, agg, period, direction, starts_on)
       values ($1, 'step_count', 'sum', 'day', 'at_least', '2026-03-01')
       returning id
     )
     insert into goal_targets
     select id, starts_on::date, target from goal, (values ('2026-03-01', 10000.5), ('2026-03-08', 12000)) as wanted (starts_on, target)`,
    [person.id],
  );
}

export interface Exports {
  ask(path: string, init?: RequestInit): ReturnType<TestStack['call']>;
  start(wish?: object): Promise<ExportOnTheWire>;
  state(id: string): Promise<ExportOnTheWire>;
  done(id: string): Promise<ExportOnTheWire>;
  download(id: string, headers?: Record<string, string>, method?: string): Promise<Response>;
}

export function exportsOf(test: TestStack, person: Person): Exports {
  const ask: Exports['ask'] = (path, init = {}) =>
    test.call(`/api/v1/exports${path}`, person.keys.read, {
      ...init,
      headers: { 'Content-Type': 'application/json' },
    });
  const state = async (id: string) => (await ask(`/${id}`)).body.data as unknown as ExportOnTheWire;
  return {
    ask,
    state,
    start: async (wish = {}) => {
      const answer = await ask('', { method: 'POST', body: JSON.stringify(wish) });
      if (answer.status !== 202) throw new Error(`Refused: ${answer.status} ${answer.body.error}`);
      return answer.body.data as unknown as ExportOnTheWire;
    },
    done: async (id) => {
      for (const end = Date.now() + 60_000; Date.now() < end; await setTimeout(50)) {
        const found = await state(id);
        if (found.status !== 'running') return found;
      }
      throw new Error(`The export does not end: ${test.logs.slice(-5).join('\n')}`);
    },
    download: (id, headers = {}, method = 'GET') =>
      fetch(`${test.stack.url}/api/v1/exports/${id}/download`, {
        method,
        headers: { Authorization: `Bearer ${person.keys.read}`, ...headers },
      }),
  };
}

/** An export from beginning to end. */
export async function exportAll(test: TestStack, person: Person, wish: object = {}) {
  const exports = exportsOf(test, person);
  const { id } = await exports.start(wish);
  const done = await exports.done(id);
  const zip = Buffer.from(await (await exports.download(id)).arrayBuffer());
  return { id, done, zip };
}
