import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unstable_readConfig } from 'wrangler';
import { readLocalSettings, workerVars } from '../../../local/commands/settings.ts';
import { root } from '../../../local/stack/root.ts';

describe('settings of this machine', () => {
  it('have defaults, also where a variable is set to nothing', () => {
    const settings = { PORT: 8787, HOST: '127.0.0.1', DATA_DIR: join(root, '.local') };
    expect(readLocalSettings({})).toEqual(settings);
    expect(readLocalSettings({ PORT: '', DATABASE_URL: '', REDIS_URL: '' })).toEqual(settings);
  });

  it.each([
    ['PORT', 'none'],
    ['PORT', '70000'],
    ['DATABASE_URL', 'mysql://localhost'],
    ['REDIS_URL', 'http://localhost'],
  ])('%s=%s is refused by its name', (name, value) => {
    expect(() => readLocalSettings({ [name]: value })).toThrow(`${name}: `);
  });
});

describe('variables of the Workers', () => {
  /** Set by the stack itself. */
  const OURS = ['ENVIRONMENT', 'NEON_ENDPOINT'];

  it('all that wrangler.toml sets can be set otherwise', () => {
    const { vars } = unstable_readConfig({ config: join(root, 'wrangler.toml') });
    const settable = Object.keys(vars).filter((name) => !OURS.includes(name));
    const words: Record<string, string> = {
      QUOTA_OVERFLOW: 'reject',
      CORS_ORIGINS: 'https://board.example.org',
    };
    const env = Object.fromEntries(settable.map((name) => [name, words[name] ?? '1']));
    expect(settable.length).toBeGreaterThan(0);
    expect(workerVars(env)).toEqual(env);
  });

  it('nothing else of the environment gets to them', () => {
    expect(workerVars({ PATH: '/bin', KEY_PEPPER: 'x', ENVIRONMENT: 'production' })).toEqual({});
  });
});
