import { z } from 'zod';

/** A `bigint` of ours, as text: larger than what JSON's numbers hold exactly. */
export const rowId = z
  .string()
  .regex(/^\d{1,18}$/, 'A whole number')
  .meta({ example: '4711' });
