import 'vitest';

/** What global-setup.ts tells the tests inside workerd. */
declare module 'vitest' {
  export interface ProvidedContext {
    servers: { neon: string; away: string; ingestKey: string };
  }
}
