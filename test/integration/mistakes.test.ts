import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, payload, steps } from './support/payloads.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

/** What a person or a phone gets wrong, and the words that say what to do instead. */

let test: TestStack;
let ada: Person;
beforeAll(async () => {
  test = await startTestStack();
  ada = await test.newPerson();
  await test.upload(
    ada,
    payload(steps(...minutes(3)), { name: 'cups_of_tea', units: 'count', data: minutes(1) }),
  );
});
afterAll(() => test.stack.stop());

async function ask(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const response = await fetch(`${test.stack.url}${path}`, {
    method,
    headers,
    ...(method === 'POST' ? { body: payload(steps(...minutes(1))) } : {}),
  });
  return { status: response.status, type: response.headers.get('content-type'), response };
}

async function refusal(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const { status, response } = await ask(path, headers, method);
  const { error, detail, errors = [] } = await response.json();
  return {
    status,
    error,
    detail,
    messages: errors.map(({ message }: { message: string }) => message),
  };
}

const reading = () => ({ Authorization: `Bearer ${ada.keys.read}` });

describe('a key', () => {
  const CURE =
    'Send the header Authorization with the value Bearer, a blank, and a key. In Health Auto Export: Headers, then Add.';

  it('without the word Bearer is refused with what to write', async () => {
    for (const written of [ada.keys.ing, `"${ada.keys.ing}"`]) {
      const { status, error, detail } = await refusal(
        '/api/v1/sync',
        { Authorization: written },
        'POST',
      );
      expect([status, error]).toEqual([401, 'key_missing']);
      expect(detail).toBe(
        'The header Authorization has a key without the word Bearer: write Bearer, a blank, then the key.',
      );
    }
  });

  it('that is not sent at all is refused with where it goes', async () => {
    expect(await refusal('/api/v1/sync', {}, 'POST')).toMatchObject({ status: 401, detail: CURE });
  });

  it('in another scheme is refused, and what was written is not repeated', async () => {
    const { detail } = await refusal(
      '/api/v1/sync',
      { Authorization: 'Basic QWRhOnNlY3JldA==' },
      'POST',
    );
    expect(detail).toBe(
      'The header Authorization has something else than Bearer, a blank and a key.',
    );
  });
});

describe('a URL', () => {
  it('with a slash at its end works as without', async () => {
    const answer = await ask('/api/v1/sync/', { Authorization: `Bearer ${ada.keys.ing}` }, 'POST');
    expect(answer.status).toBe(200);
    expect((await ask('/api/v1/stats/', reading())).status).toBe(200);
  });

  it('of the server, in a browser, is a page of words that loads nothing', async () => {
    const { status, type, response } = await ask('/', { Accept: 'text/html,*/*' });
    expect([status, type]).toEqual([200, 'text/html; charset=UTF-8']);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const text = await response.text();
    expect(text).toContain(`<code>${test.stack.url}/api/v1/sync</code>`);
    expect(text).not.toMatch(/<script|<link|<img|style=/);
  });

  it('for uploads, in a browser, says what it is for', async () => {
    const { status, type, response } = await ask('/api/v1/sync', { Accept: 'text/html,*/*' });
    expect([status, type]).toEqual([405, 'text/html; charset=UTF-8']);
    expect(await response.text()).toContain('it is the URL for Health Auto Export');
    expect(await refusal('/api/v1/sync')).toMatchObject({
      status: 405,
      detail: expect.stringContaining('What has arrived is told by GET /api/v1/ingestions.'),
    });
  });

  it('that does not exist names the one to post to', async () => {
    const { status, detail } = await refusal('/api/sync', {}, 'POST');
    expect(status).toBe(404);
    expect(detail).toBe(
      'Health Auto Export posts to /api/v1/sync; /docs lists every path that there is.',
    );
  });

  it('shows nothing of its own as markup', async () => {
    const { response } = await ask('/api/v1/stats?<b>x</b>=1', {
      ...reading(),
      Accept: 'text/html',
    });
    const text = await response.text();
    expect(response.status).toBe(400);
    expect(text).not.toContain('<b>x');
    expect(text).toContain('&lt;b&gt;x');
  });
});

describe('a parameter', () => {
  it('that is not known is refused with the nearest, and with all that there are', async () => {
    const { status, error, messages } = await refusal(
      '/api/v1/metrics/step_count/samples?form=2026-03-01',
      reading(),
    );
    expect([status, error]).toEqual([400, 'invalid_parameter']);
    expect(messages).toEqual([
      'There is no such parameter here. Did you mean from? It takes from, to, tz, source, grouping, units, limit, cursor.',
    ]);
  });

  it('of a path that takes none is refused', async () => {
    expect((await refusal('/api/v1/stats?day=2026-03-01', reading())).messages).toEqual([
      'There is no such parameter here. It takes none.',
    ]);
  });

  it('beside an upload is let be: the body is what counts', async () => {
    const answer = await ask(
      '/api/v1/sync?device=phone',
      { Authorization: `Bearer ${ada.keys.ing}` },
      'POST',
    );
    expect(answer.status).toBe(200);
  });
});

describe('a metric', () => {
  it.each([
    '/api/v1/metrics/stepcount/samples',
    '/api/v1/metrics/step_cuont/daily',
    '/api/v1/aggregate?metrics=weight,step_cont&bucket=day',
    '/api/v1/coverage?metrics=steps,step_coun',
  ])('that is not known is refused with the nearest: %s', async (path) => {
    const { status, messages } = await refusal(path, reading());
    expect([status, messages.length]).toEqual([400, 1]);
    expect(messages[0]).toMatch(
      /^There is no such metric\. Did you mean step_count.*\? GET \/api\/v1\/metrics lists/,
    );
  });

  it('of the person alone is known, and named where it was meant', async () => {
    expect((await ask('/api/v1/metrics/cups_of_tea/samples', reading())).status).toBe(200);
    const { messages } = await refusal('/api/v1/metrics/cup_of_tea/samples', reading());
    expect(messages[0]).toContain('Did you mean cups_of_tea? ');
  });

  it('of the person alone is not told to another', async () => {
    const grace = await test.newPerson();
    const { messages } = await refusal('/api/v1/metrics/cup_of_tea/samples', {
      Authorization: `Bearer ${grace.keys.read}`,
    });
    expect(messages[0]).not.toContain('cups_of_tea');
  });
});

describe('a file', () => {
  const post = (body: string | Uint8Array<ArrayBuffer>) => test.post(ada, body);
  const READS =
    'This server reads what Health Auto Export writes: JSON, CSV, GPX, and zip archives of these.';
  const HISTORY =
    'History comes in with the same app: export the years once by hand, as JSON (docs/phone.md).';

  it.each([
    [
      'Apple’s own archive',
      zipSync({ 'apple_health_export/export.xml': strToU8('<HealthData></HealthData>') }),
      'This is the export of Apple’s Health app.',
    ],
    [
      'Apple’s XML',
      '<?xml version="1.0"?><HealthData></HealthData>',
      'This is XML, such as Apple’s Health app exports.',
    ],
    [
      'a table of another app',
      'Activity Type,Start,End\nRun,1,2\n',
      'This is a table, but its first column is none of Health Auto Export’s, such as Date or Workout Type.',
    ],
  ])('%s is refused with what is read, and nothing of it is kept', async (_, body, what) => {
    const before = await test.archived(ada);
    const answer = await post(new Uint8Array(Buffer.from(body)));
    expect([answer.status, answer.body.error]).toEqual([415, 'foreign_export']);
    expect(answer.body.detail).toBe(`${what} ${READS} ${HISTORY}`);
    expect(await test.archived(ada)).toEqual(before);
  });
});

describe('a sum', () => {
  it('is shown as people read it, in JSON and in CSV, and stored as it came', async () => {
    const grace = await test.newPerson();
    const values = [4786.1, 0.3, 0.4, 0.1];
    const data = minutes(4).map((point, i) => ({ ...point, qty: values[i] }));
    await test.upload(grace, payload({ name: 'active_energy', units: 'kcal', data }));
    const headers = { Authorization: `Bearer ${grace.keys.read}` };
    const path =
      '/api/v1/metrics/active_energy/aggregate?bucket=hour&from=2026-01-01&to=2026-12-31&units=canonical';
    const [row] = (await (await ask(path.replace('hour', 'day'), headers)).response.json()).data;
    expect(row.value).toBe(4786.9);
    const csv = await (
      await ask(path.replace('hour', 'day'), { ...headers, Accept: 'text/csv' })
    ).response.text();
    expect(csv).toContain(',4786.9,');
    const samples = await ask('/api/v1/metrics/active_energy/samples?units=canonical', headers);
    const { data: stored } = await samples.response.json();
    expect(stored.map(({ value }: { value: number }) => value)).toEqual(values);
  });
});
