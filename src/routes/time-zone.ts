import { z } from 'zod';

/**
 * An IANA time zone such as `Area/Place`, or UTC; in any case, given back in its own spelling. No offset: Postgres reads
 * the sign of those backwards. No short name: Postgres knows other zones by CET, IST and their like, without summer.
 */
export const timeZone = z
  .string()
  .max(64)
  .transform((text, context) => {
    const zone = spelled(text.trim());
    if (zone !== null) return zone;
    context.addIssue({
      code: 'custom',
      message: 'A time zone of the IANA database, such as Europe/Vienna',
    });
    return z.NEVER;
  });

function spelled(text: string): string | null {
  if (!/^(UTC|[A-Za-z]+(\/[\w+-]+)+)$/i.test(text)) return null;
  try {
    const { timeZone: found } = new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions();
    // Some are known by a former name: who writes Asia/Kolkata does not want to read Asia/Calcutta.
    const isAlias = found.toLowerCase() !== text.toLowerCase();
    return isAlias && text !== text.toLowerCase() ? text : found;
  } catch {
    return null;
  }
}
