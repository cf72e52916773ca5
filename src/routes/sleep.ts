import { z } from 'zod';
import { answer } from '../http/answer.ts';
import { readCursor } from '../http/cursor.ts';
import { pageByCursor } from '../http/cursor-page.ts';
import { checkLimit, pageQuery } from '../http/format.ts';
import { operation } from '../http/operation.ts';
import { HttpProblem } from '../http/problem.ts';
import { nightId, nightWithStagesSchema, selectNight, toNightWithStages } from '../read/night.ts';
import { nightSchema, positionOfNight, selectNights, toNight } from '../read/sleep.ts';
import { day } from './day.ts';
import { rowId } from './row-id.ts';
import { selection, zoneParameter } from './selection.ts';

const listNights = operation({
  method: 'GET',
  path: '/api/v1/sleep',
  summary: 'Nights and naps by the day of waking, oldest first; `counts` marks one night a day.',
  scope: 'read',
  quota: 'reads',
  query: z.object({
    from: day.optional(),
    to: day.optional(),
    tz: zoneParameter,
    source: selection.source,
    ...pageQuery,
  }),
  answer: z.array(nightSchema),
  handler: async (c, { query: { from, to, tz, source, limit, cursor } }) => {
    checkLimit(c, limit);
    const position = readCursor(cursor, rowId);
    const { userId } = c.get('identity');
    const rows = await c.get('database').queryAs(
      userId,
      selectNights({
        userId,
        zone: tz ?? null,
        from: from ?? null,
        to: to ?? null,
        sources: source ?? null,
        after: position === null ? null : { at: position.at, seriesId: position.id },
        limit: limit + 1,
      }),
    );
    const { page, pagination } = pageByCursor(rows, limit, positionOfNight);
    return answer(c, page.map(toNight), { pagination });
  },
});

const getNight = operation({
  method: 'GET',
  path: '/api/v1/sleep/:id',
  summary: 'One night with its stages.',
  scope: 'read',
  quota: 'reads',
  params: z.object({ id: nightId }),
  query: z.object({ tz: zoneParameter }),
  answer: nightWithStagesSchema,
  handler: async (c, { params: { id }, query: { tz } }) => {
    const { userId } = c.get('identity');
    const [row] = await c
      .get('database')
      .queryAs(userId, selectNight({ userId, id, zone: tz ?? null }));
    if (row === undefined) {
      throw new HttpProblem('not_found', { detail: 'There is no such night.' });
    }
    return answer(c, toNightWithStages(row));
  },
});

export const sleepRoutes = [listNights, getNight];
