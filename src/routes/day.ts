import { z } from 'zod';

/** A local day as parameters and bodies give it. */
export const day = z.iso
  .date('A day such as 2026-03-02')
  .refine((text) => text >= '1900-01-01', 'A day from 1900 on');
