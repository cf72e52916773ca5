import { z } from 'zod';

/** How a person is named: an e-mail address as browsers take one, so that of a machine at home (`ada@localhost`), too. */
export const personAddress = z
  .email({
    pattern: z.regexes.html5Email,
    error: 'An e-mail address, such as ada@example.org or ada@localhost.',
  })
  .max(254)
  .transform((text) => text.toLowerCase());
