import { z } from 'zod';
import { answer, answerRows } from '../http/answer.ts';
import { readCursor } from '../http/cursor.ts';
import { pageByCursor } from '../http/cursor-page.ts';
import { checkLimit, formatOf, pageQuery, ROW_FORMATS } from '../http/format.ts';
import { operation } from '../http/operation.ts';
import { HttpProblem } from '../http/problem.ts';
import {
  ecgId,
  ecgRowSchema,
  ecgSchema,
  positionOfEcg,
  selectEcg,
  selectEcgs,
  toEcg,
  toEcgRow,
  toVoltageRows,
} from '../read/ecg.ts';
import { instant } from './instant.ts';
import { rowId } from './row-id.ts';

const listEcgs = operation({
  method: 'GET',
  path: '/api/v1/ecg',
  summary: 'Electrocardiograms without their voltages, oldest first.',
  scope: 'read',
  quota: 'reads',
  query: z.object({ from: instant.optional(), to: instant.optional(), ...pageQuery }),
  answer: z.array(ecgRowSchema),
  formats: ROW_FORMATS,
  handler: async (c, { query: { from, to, limit, cursor } }) => {
    checkLimit(c, limit);
    const position = readCursor(cursor, rowId);
    const { userId } = c.get('identity');
    const rows = await c.get('database').queryAs(
      userId,
      selectEcgs({
        userId,
        from: from ?? null,
        to: to ?? null,
        after: position === null ? null : { at: position.at, seriesId: position.id },
        limit: limit + 1,
      }),
    );
    const { page, pagination } = pageByCursor(rows, limit, positionOfEcg);
    return answerRows(c, page.map(toEcgRow), { pagination });
  },
});

const getEcg = operation({
  method: 'GET',
  path: '/api/v1/ecg/:id',
  summary: 'One electrocardiogram with its voltages; as CSV or NDJSON one row for each of them.',
  scope: 'read',
  quota: 'reads',
  params: z.object({ id: ecgId }),
  answer: ecgSchema,
  formats: ROW_FORMATS,
  handler: async (c, { params: { id } }) => {
    const { userId } = c.get('identity');
    const [row] = await c.get('database').queryAs(userId, selectEcg(userId, id));
    if (row === undefined) {
      throw new HttpProblem('not_found', { detail: 'There is no such electrocardiogram.' });
    }
    const ecg = toEcg(row);
    return formatOf(c) === 'json' ? answer(c, ecg) : answerRows(c, toVoltageRows(ecg));
  },
});

export const ecgRoutes = [listEcgs, getEcg];
