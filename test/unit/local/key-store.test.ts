import { afterEach, beforeEach, expect, it } from 'vitest';
import { openKeyApi, openKeyDatabase } from '../../../local/commands/key-store.ts';
import { type HttpServer, serveJson } from '../../../local/stack/http-server.ts';

const ID = '0b1c0000-0000-4000-8000-000000000000';
const asked: unknown[] = [];
let server: HttpServer;

beforeEach(async () => {
  asked.length = 0;
  server = await serveJson(async ({ method, url, headers }, body) => {
    asked.push([method, url, headers.authorization, body]);
    const missing = { status: 404, body: { detail: 'There is no such key.' } };
    return method === 'DELETE' ? missing : { status: 201, body: { data: { key: 'ss_read_x' } } };
  });
});
afterEach(() => server.stop());

const store = () =>
  openKeyApi({
    url: server.url,
    adminKey: 'ss_admin_x',
    readKey: 'ss_read_x',
    ingestKey: 'ss_ing_x',
    databaseUrl: null,
    pid: 1,
  });

const wish = {
  kind: 'read',
  person: 'ada@example.org',
  name: null,
  timeZone: null,
  expiresInDays: 90,
  requestsPerHour: null,
  bytesPerHour: null,
} as const;

it('a server that runs here is asked for keys with its admin key', async () => {
  expect(await store().create({ ...wish, timeZone: 'Europe/Vienna' })).toBe('ss_read_x');
  const body = {
    kind: 'read',
    person: 'ada@example.org',
    time_zone: 'Europe/Vienna',
    name: null,
    expires_in_days: 90,
    requests_per_hour: null,
    bytes_per_hour: null,
  };
  expect(asked).toEqual([['POST', '/api/v1/keys', 'Bearer ss_admin_x', body]]);
});

it('its refusals are passed on in its words', async () => {
  await expect(store().revoke(ID)).rejects.toThrow('There is no such key.');
});

it('a database that is away is said to be so, with the cure', async () => {
  await expect(
    openKeyDatabase('postgres://nobody@127.0.0.1:1/none', { pepper: null, cache: null }),
  ).rejects.toThrow(
    /^The database of DATABASE_URL cannot be reached \(.+\)\. Start it, or correct DATABASE_URL\.$/,
  );
});
