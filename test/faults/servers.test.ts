import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { NEON_SHAPES } from '../../local/stack/neon-shapes.ts';
import { WORKERS_ROLE } from '../../local/stack/sql-backend.ts';
import { type Cloud, startCloud } from './bed/cloud.ts';
import { type FaultyDatabase, startDatabase } from './bed/database.ts';
import { type Postgres, startPostgres } from './bed/postgres.ts';
import { seeded } from './bed/random.ts';
import { type FaultyRedis, startRedis } from './bed/redis.ts';
import { ARGUMENTS, OBJECT, pack, unpack } from './bed/workers/protocol.ts';

/** What each server of the bed does when it is told to fail, seen without a Worker. */

describe('the archive', () => {
  let cloud: Cloud;
  beforeAll(async () => {
    cloud = await startCloud(seeded(1));
  });
  afterEach(() => cloud.reset());
  afterAll(() => cloud.stop());

  const ask = (operation: string, args: unknown) =>
    fetch(`${cloud.url}/${operation}`, { method: 'POST', body: JSON.stringify(args) });
  const put = (key: string, body: BodyInit, customMetadata = {}) =>
    fetch(`${cloud.url}/put`, {
      method: 'POST',
      body,
      headers: { [ARGUMENTS]: pack({ key, customMetadata }) },
      ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
    } as RequestInit);

  it('gives back what was put, whole and in part, with its description', async () => {
    expect((await put('a/ä', '0123456789', { name: 'ü' })).status).toBe(200);
    const whole = await ask('get', { key: 'a/ä' });
    expect(unpack(whole.headers.get(OBJECT))).toMatchObject({
      size: 10,
      customMetadata: { name: 'ü' },
    });
    expect(await whole.text()).toBe('0123456789');
    const part = await ask('get', { key: 'a/ä', range: { offset: 2, length: 3 } });
    expect(await part.text()).toBe('234');
  });

  it('lists page by page, with descriptions', async () => {
    for (const name of ['x', 'y', 'z']) await put(`list/${name}`, name, { name });
    const options = { prefix: 'list/', limit: 2, include: ['customMetadata'] };
    const first = await (await ask('list', options)).json();
    const second = await (await ask('list', { ...options, cursor: first.cursor })).json();
    const names = [...first.objects, ...second.objects].map((each) => each.customMetadata.name);
    expect([names, 'cursor' in second]).toEqual([['x', 'y', 'z'], false]);
  });

  it('refuses a stream whose length nobody has said, as R2 does', async () => {
    const { status } = await put('unknown', new Blob(['abc']).stream());
    expect(status).toBe(500);
    expect(await cloud.bucket.get('unknown')).toBeNull();
  });

  it('removes many at once', async () => {
    await put('many/1', '1');
    await put('many/2', '2');
    expect((await ask('delete', { keys: ['many/1', 'many/2', 'many/3'] })).status).toBe(200);
    expect((await cloud.bucket.list({ prefix: 'many/' })).objects).toEqual([]);
  });

  it('an error has done nothing, and only as often as asked for', async () => {
    cloud.failNext('put', 'error', 2);
    expect([(await put('e', '1')).status, (await put('e', '1')).status]).toEqual([500, 500]);
    expect(await cloud.bucket.get('e')).toBeNull();
    expect((await put('e', '1')).status).toBe(200);
  });

  it('what is lost was done', async () => {
    cloud.failNext('put', 'lost');
    await expect(put('lost', '1')).rejects.toThrow();
    expect(await (await cloud.bucket.get('lost'))?.text()).toBe('1');
  });

  it('what is broken was not', async () => {
    cloud.failNext('put', 'broken');
    await expect(put('broken', '1')).rejects.toThrow();
    expect(await cloud.bucket.get('broken')).toBeNull();
  });

  it('an object may be short, slow to come, or not there', async () => {
    await put('g', '0123456789');
    cloud.failNext('get', 'short');
    expect(await (await ask('get', { key: 'g' })).text()).toBe('01234');
    cloud.failNext('get', 'not found');
    expect((await ask('get', { key: 'g' })).status).toBe(404);
    cloud.failNext('any', { kind: 'slow', ms: 200 });
    const began = Date.now();
    expect(await (await ask('get', { key: 'g' })).text()).toBe('0123456789');
    expect(Date.now() - began).toBeGreaterThanOrEqual(195);
  });

  it('fails with a probability, the same for the same seed', async () => {
    cloud.failNext('head', 'error', { probability: 0.3 });
    const statuses: number[] = [];
    for (let i = 0; i < 60; i++) statuses.push((await ask('head', { key: 'none' })).status);
    const failed = statuses.filter((status) => status === 500).length;
    expect(failed).toBeGreaterThan(5);
    expect(failed).toBeLessThan(40);
  });
});

describe('the cache', () => {
  let redis: FaultyRedis;
  beforeAll(async () => {
    redis = await startRedis(null, 'token', seeded(1));
  });
  afterEach(() => redis.reset());
  afterAll(() => redis.stop());

  const ask = (path: string, body: unknown) =>
    fetch(`${redis.url}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { Authorization: 'Bearer token' },
    });
  const ping = async () => (await ask('/', ['PING'])).json();

  it('answers', async () => {
    expect(await ping()).toEqual({ result: 'PONG' });
  });

  it('is down until it is back', async () => {
    redis.behave('down');
    await expect(ping()).rejects.toThrow();
    await expect(ping()).rejects.toThrow();
    redis.reset();
    expect(await ping()).toEqual({ result: 'PONG' });
  });

  it('answers with what is no JSON, no reply, or an error', async () => {
    redis.failNext('garbage');
    expect(await (await ask('/', ['PING'])).text()).toMatch(/^<html>/);
    redis.failNext('wrong types', 2);
    expect(await ping()).toEqual({ result: { not: 'a reply' } });
    expect(await (await ask('/pipeline', [['PING']])).json()).toEqual([
      { result: { not: 'a reply' } },
    ]);
    redis.failNext('error');
    expect((await ask('/', ['PING'])).status).toBe(500);
    expect(await ping()).toEqual({ result: 'PONG' });
  });

  it('is slower than anybody waits, or does what nobody hears of', async () => {
    redis.failNext('lost');
    await expect(ask('/', ['SET', 'k', 'v'])).rejects.toThrow();
    expect(await (await ask('/', ['GET', 'k'])).json()).toEqual({ result: 'v' });
    redis.failNext('slow');
    const began = Date.now();
    await ping();
    expect(Date.now() - began).toBeGreaterThan(2_900);
  });
});

describe('the database', () => {
  let postgres: Postgres;
  let database: FaultyDatabase;
  beforeAll(async () => {
    postgres = await startPostgres();
    database = await startDatabase(postgres.url, seeded(1));
    await database.backend.exec(`
      create role ${WORKERS_ROLE};
      create table t (n int);
      grant select, insert on t to ${WORKERS_ROLE}`);
  });
  afterEach(() => database.reset());
  afterAll(async () => {
    await database?.stop();
    await postgres?.stop();
  });

  const ask = async (body: unknown) => {
    const response = await fetch(database.url, { method: 'POST', body: JSON.stringify(body) });
    return { status: response.status, body: await response.json() };
  };
  /** A connection that breaks in the middle. */
  const CLOSED = { status: 400, body: { message: 'connection closed', code: '' } };
  const insert = { query: 'insert into t values (1)' };
  const count = async () =>
    (await database.backend.run({ query: 'select count(*) from t', params: [] })).rows[0]?.[0];

  it.each(['53300', '25006', '53100'])('refuses with %s as often as asked for', async (code) => {
    database.failNext({ kind: 'sqlstate', code }, 2);
    const before = await count();
    expect(await ask(insert)).toMatchObject({ status: 400, body: { code } });
    expect(await ask({ queries: [insert, insert] })).toMatchObject({ status: 400, body: { code } });
    expect(await count()).toBe(before);
    expect((await ask(insert)).status).toBe(200);
  });

  it('is down until it is back', async () => {
    database.behave({ kind: 'down' });
    expect(await ask(insert)).toMatchObject({ status: 500 });
    expect(await ask(insert)).toMatchObject({ status: 500 });
    database.reset();
    expect((await ask(insert)).status).toBe(200);
  });

  it.each(NEON_SHAPES)(
    'answers as in $name, and has done nothing',
    async ({ name, status, text }) => {
      const before = await count();
      database.failNext({ kind: 'shape', name });
      const body = JSON.stringify({ queries: [insert] });
      const answer = fetch(database.url, { method: 'POST', body }).then(
        async (response) => [response.status, await response.text()],
        () => [null, ''],
      );
      expect(await answer).toEqual([status, text]);
      expect(await count()).toBe(before);
    },
  );

  it('takes no requests above a limit', async () => {
    database.limitRequests(100);
    const long = { query: 'insert into t select length($1)', params: ['x'.repeat(100)] };
    expect(await ask(long)).toMatchObject({ status: 413 });
    expect((await ask(insert)).status).toBe(200);
  });

  it('is slow by the statement', async () => {
    database.behave({ kind: 'slow', ms: 100 });
    const began = Date.now();
    expect((await ask({ queries: [insert, insert, insert] })).status).toBe(200);
    expect(Date.now() - began).toBeGreaterThanOrEqual(295);
  });

  it('has committed what nobody hears of', async () => {
    const before = Number(await count());
    database.failNext({ kind: 'lost' });
    expect(await ask({ queries: [insert] })).toMatchObject(CLOSED);
    expect(Number(await count())).toBe(before + 1);
  });

  it('killed, it loses nothing that was committed', async () => {
    expect((await ask(insert)).status).toBe(200);
    const before = await count();
    const underWay = ask({ query: 'select pg_sleep(60)' });
    await setTimeout(200);
    await postgres.kill();
    expect(await underWay).toMatchObject(CLOSED);
    expect((await ask(insert)).status).toBe(500);
    await postgres.start();
    expect(await count()).toBe(before);
  });
});
