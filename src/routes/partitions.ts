import { z } from 'zod';
import { success } from '../http/envelope.ts';
import { numberedQuery, pageByNumber } from '../http/numbered-page.ts';
import { operation } from '../http/operation.ts';
import { selectPartitions, toPartition } from '../store/retention.ts';
import { partitionAnswer } from './answers/upkeep.ts';

/** What there is, month by month. */
export const listPartitions = operation({
  method: 'GET',
  path: '/api/v1/admin/partitions',
  summary: 'Partitions with their spans, sizes and estimated rows.',
  scope: 'admin',
  quota: 'reads',
  query: z.object({
    table: z.string().max(63).optional().describe('Of this table alone.'),
    ...numberedQuery,
  }),
  answer: z.array(partitionAnswer),
  handler: async (c, { query }) => {
    const partitions = await c.get('database').query(selectPartitions(query.table ?? null));
    const { rows, pagination } = pageByNumber(partitions, query);
    return success(c, rows.map(toPartition), { pagination });
  },
});
