import { expect, it } from 'vitest';
import { readApiSettings, SettingsError } from '../../src/env.ts';

const ENV = {
  DATABASE_URL: 'postgres://app@db.example/app',
  UPSTASH_REDIS_REST_URL: 'https://cache.example',
  UPSTASH_REDIS_REST_TOKEN: 'a token',
  KEY_PEPPER: 'a pepper of more than thirty-two characters',
};

it('the settings of an environment are checked once', () => {
  const env = { ...ENV };
  expect(readApiSettings(env)).toBe(readApiSettings(env));
  expect(readApiSettings({ ...ENV, QUOTA_READS_PER_HOUR: '5' }).QUOTA_READS_PER_HOUR).toBe(5);
});

it('an environment that is not valid is refused each time', () => {
  const env = { ...ENV, KEY_PEPPER: 'short' };
  expect(() => readApiSettings(env)).toThrow(SettingsError);
  expect(() => readApiSettings(env)).toThrow('KEY_PEPPER');
});

it('a first history of ten years passes with the settings as they come', () => {
  const settings = readApiSettings({ ...ENV });
  const HISTORY_BYTES = 300 * 1024 * 1024;
  const DAYS = 3_653;
  expect(settings.QUOTA_OVERFLOW).toBe('defer');
  expect(settings.REFUSE_BYTES_PER_HOUR).toBeGreaterThan(HISTORY_BYTES);
  expect(settings.REFUSE_REQUESTS_PER_HOUR).toBeGreaterThan(DAYS);
});
