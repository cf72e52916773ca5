import { z } from 'zod';
import { answerRows } from '../http/answer.ts';
import { readCursor } from '../http/cursor.ts';
import { pageByCursor } from '../http/cursor-page.ts';
import { checkLimit, pageQuery, ROW_FORMATS } from '../http/format.ts';
import { operation } from '../http/operation.ts';
import { positionOf, selectSamples, toSample } from '../read/samples.ts';
import { sampleAnswer } from './answers/metric.ts';
import { unitsQuery } from './display-units.ts';
import { requireMetrics } from './metric-name.ts';
import { moment } from './moments.ts';
import { metricParameter, selection, zoneParameter } from './selection.ts';

/** A row of samples in a cursor: the id of its series. */
const seriesId = z.string().regex(/^\d{1,18}$/);

export const listSamples = operation({
  method: 'GET',
  path: '/api/v1/metrics/:name/samples',
  summary: 'The samples of one metric, oldest first, whether or not they count in totals.',
  scope: 'read',
  quota: 'reads',
  formats: ROW_FORMATS,
  answer: z.array(sampleAnswer),
  params: z.object({ name: metricParameter }),
  query: z.object({
    from: moment.optional(),
    to: moment.optional(),
    tz: zoneParameter,
    ...selection,
    ...unitsQuery,
    ...pageQuery,
  }),
  handler: async (c, { params: { name }, query: { limit, cursor, ...asked } }) => {
    checkLimit(c, limit);
    const position = readCursor(cursor, seriesId);
    const { userId } = c.get('identity');
    await requireMetrics(c, [name], 'name');
    const rows = await c.get('database').queryAs(
      userId,
      selectSamples({
        userId,
        metric: name,
        span: { from: asked.from ?? null, to: asked.to ?? null, zone: asked.tz ?? null },
        sources: asked.source ?? null,
        groupings: asked.grouping ?? null,
        after: position === null ? null : { at: position.at, seriesId: position.id },
        limit: limit + 1,
      }),
    );
    const { page, pagination } = pageByCursor(rows, limit, positionOf);
    const isCanonical = asked.units === 'canonical';
    return answerRows(
      c,
      page.map((row) => toSample(name, row, isCanonical)),
      { pagination },
    );
  },
});
