import type { Context } from 'hono';
import { z } from 'zod';
import { METRICS } from '../catalog/metrics.ts';
import type { Statement } from '../database.ts';
import { createSourceReader } from '../hae/sources.ts';
import { answer } from '../http/answer.ts';
import type { AppEnv } from '../http/context.ts';
import { success } from '../http/envelope.ts';
import { operation } from '../http/operation.ts';
import { HttpProblem } from '../http/problem.ts';
import { selectSources, toSources } from '../read/preferences.ts';
import { audit } from '../store/audit.ts';
import {
  awaitLoads,
  deleteSources,
  putSources,
  type SourceChoice,
  selectSeenSources,
  toSource,
} from '../store/preferences.ts';
import { actorOf } from './actor.ts';
import { metricName, requireMetric } from './metric-name.ts';
import { wake } from './wake.ts';

/** Whose numbers count before whose, where several measured the same. */

const scope = z.enum(['metric', 'category']);
const source = z.string().describe('Of one device or app, or of several joined by |, sorted');

const list = z.object({
  scope,
  name: z.string(),
  ranked: z.array(source).describe('The first counts before the second, all before the rest'),
  excluded: z.array(source).describe('Never count'),
});

const metricSources = z.object({
  metric: z.string(),
  category: z.string(),
  decided_by: scope.nullable().describe('Which list holds; null: none does'),
  sources: z.array(
    z.object({
      source,
      display_names: z.array(z.string()).describe('As the app has written it'),
      rank: z.int().nullable().describe('1 counts first; null: after all that are named'),
      excluded: z.boolean(),
    }),
  ),
});

const listSources = operation({
  method: 'GET',
  path: '/api/v1/preferences/sources',
  summary: 'Who measured what, and whose numbers count first.',
  scope: 'preferences',
  quota: 'reads',
  answer: z.object({ lists: z.array(list), metrics: z.array(metricSources) }),
  handler: async (c) => {
    const { userId } = c.get('identity');
    const [row] = await c.get('database').queryAs(userId, selectSources(userId));
    return answer(c, toSources(row));
  },
});

const params = z.object({ scope, name: z.string().min(1).max(200) });

/** Names in any spelling of the app; each once. */
const names = z
  .array(z.string().max(400))
  .max(50)
  .transform((texts) => {
    const read = createSourceReader();
    return [...new Set(texts.map((text) => read(text).source))];
  });

const putList = operation({
  method: 'PUT',
  path: '/api/v1/preferences/sources/:scope/:name',
  summary:
    'Ranks the sources of a metric, or of all metrics of a category without a list of their own.',
  scope: 'preferences',
  quota: 'reads',
  params,
  json: z
    .strictObject({ ranked: names, excluded: names.default([]) })
    .refine(({ ranked, excluded }) => !ranked.some((each) => excluded.includes(each)), {
      path: ['excluded'],
      message: 'A source is either ranked or excluded',
    })
    .meta({ example: { ranked: ['Ada’s Apple Watch', 'Ada’s iPhone'], excluded: ['Old Scale'] } }),
  answer: list,
  handler: async (c, { params, json }) => {
    const choice = await choiceOf(c, params);
    const [changed, seen] = await carryOut(c, choice, putSources(choice, json));
    if (changed) await wake(c, { totals: c.get('identity').userId });
    const unseen = [...json.ranked, ...json.excluded].filter((each) => !seen.includes(each));
    const { userId: _, ...shown } = choice;
    return success(
      c,
      { ...shown, ...json },
      unseen.length === 0
        ? {}
        : {
            message: `Nothing has come from ${unseen.join(', ')} yet. Names as the app sends them: GET /api/v1/preferences/sources.`,
          },
    );
  },
});

const deleteList = operation({
  method: 'DELETE',
  path: '/api/v1/preferences/sources/:scope/:name',
  summary: 'Takes such a list back.',
  scope: 'preferences',
  quota: 'reads',
  params,
  answer: z.object({ scope, name: z.string(), deleted: z.literal(true) }),
  handler: async (c, { params }) => {
    const choice = await choiceOf(c, params);
    const [changed] = await carryOut(c, choice, deleteSources(choice));
    if (!changed) throw new HttpProblem('not_found', { detail: 'There is no such list.' });
    await wake(c, { totals: c.get('identity').userId });
    return success(c, { scope: choice.scope, name: choice.name, deleted: true });
  },
});

const CATEGORIES: ReadonlySet<string> = new Set(METRICS.map(({ category }) => category));

async function choiceOf(
  c: Context<AppEnv>,
  { scope, name }: z.infer<typeof params>,
): Promise<SourceChoice> {
  const { userId } = c.get('identity');
  if (scope === 'metric') {
    await requireMetric(c.get('database'), userId, name, 'name');
    return { userId, scope, name: metricName(name) };
  }
  if (CATEGORIES.has(name)) return { userId, scope, name };
  const message = `The categories are ${[...CATEGORIES].join(', ')}.`;
  throw new HttpProblem('invalid_parameter', {
    errors: [{ pointer: 'name', code: 'unknown_category', message }],
  });
}

/** @returns whether that changed anything, and the sources that the person's samples have come from */
async function carryOut(
  c: Context<AppEnv>,
  { userId, scope, name }: SourceChoice,
  statement: Statement,
): Promise<[changed: boolean, seen: string[]]> {
  const deed = {
    action: 'sources_ranked',
    personId: userId,
    object: `${scope} ${name}`,
  } as const;
  const [, changed = [], seen = []] = await c
    .get('database')
    .transaction([
      awaitLoads(userId),
      statement,
      selectSeenSources(userId),
      ...audit(actorOf(c), deed, Date.now()),
    ]);
  return [changed.length > 0, seen.map(toSource)];
}

export const sourcePreferenceRoutes = [listSources, putList, deleteList];
