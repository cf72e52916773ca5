import 'vitest';

export interface TestPerson {
  id: string;
  keys: { ing: string; read: string; admin: string };
}

/** What global-setup.ts tells the tests inside workerd. */
declare module 'vitest' {
  export interface ProvidedContext {
    servers: { neon: string; redis: string; away: string; ada: TestPerson; grace: TestPerson };
  }
}
