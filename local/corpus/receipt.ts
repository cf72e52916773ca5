import type { Receipt } from '../../src/model.ts';

/** The part of a receipt that is the same with every load of the same payload. */
export const plainReceipt = ({ status, metrics, unknown_fields, issues }: Receipt) => ({
  status,
  counts: Object.fromEntries(
    Object.entries(metrics).map(([name, counts]) => [
      name,
      Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    ]),
  ),
  ...(Object.keys(unknown_fields).length > 0 ? { unknown_fields } : {}),
  ...(issues.length > 0 ? { issues: issues.map(({ pointer, code }) => `${pointer} ${code}`) } : {}),
});
