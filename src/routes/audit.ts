import { z } from 'zod';
import { readCursor } from '../http/cursor.ts';
import { pageByCursor } from '../http/cursor-page.ts';
import { success } from '../http/envelope.ts';
import { operation } from '../http/operation.ts';
import { selectAudit, toAuditEntry } from '../store/audit.ts';
import { auditAnswer } from './answers/upkeep.ts';
import { instant } from './instant.ts';

/** Who did what. */
export const listAudit = operation({
  method: 'GET',
  path: '/api/v1/admin/audit',
  summary:
    'Every use of a key that changed something, newest first. Uploads are not among them: each has a receipt.',
  scope: 'admin',
  quota: 'reads',
  query: z.object({
    from: instant.optional(),
    to: instant.optional(),
    person_id: z.uuid().optional(),
    key_id: z.uuid().optional(),
    action: z.string().max(50).optional(),
    limit: z.coerce.number().int().min(1).max(1000).default(100),
    cursor: z.string().optional(),
  }),
  answer: z.array(auditAnswer),
  handler: async (c, { query }) => {
    const { limit } = query;
    const rows = await c.get('database').query(
      selectAudit({
        from: query.from ?? null,
        to: query.to ?? null,
        personId: query.person_id ?? null,
        keyId: query.key_id ?? null,
        action: query.action ?? null,
        before: readCursor(query.cursor, z.uuid()),
        limit: limit + 1,
      }),
    );
    const position = ({ at, id }: { at: string; id: string }) => ({ at: Date.parse(at), id });
    const { page, pagination } = pageByCursor(rows.map(toAuditEntry), limit, position);
    return success(c, page, { pagination });
  },
});
