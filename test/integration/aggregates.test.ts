import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { payload, steps } from './support/payloads.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack();
});
afterAll(() => test.stack.stop());

const GROUPED = (grouping: string) => ({ 'automation-aggregation': grouping });
const at = (time: string, qty: number, source = 'Ada Watch') => ({ qty, date: time, source });

interface Row {
  metric: string;
  day: string | null;
  start: string;
  value: number | null;
  samples: number;
  agg: string;
  unit: string;
}

async function ask(person: Person, path: string): Promise<Row[]> {
  const { status, body } = await test.call(`/api/v1/${path}`, person.keys.read);
  expect([status, body.detail, body.errors]).toEqual([200, undefined, undefined]);
  return body.data as unknown as Row[];
}
const values = async (person: Person, path: string) =>
  (await ask(person, path)).map(({ day, start, value }) => [day ?? start, value]);

describe('several sources', () => {
  it('are walked minute by minute: the watch counts, and the phone fills what it leaves open', async () => {
    const ada = await test.newPerson();
    const body = payload(
      steps(
        at('2026-03-02 08:00:00 +0000', 100),
        at('2026-03-02 08:01:00 +0000', 50),
        at('2026-03-02 08:01:00 +0000', 60, 'Ada iPhone'),
        at('2026-03-02 08:02:00 +0000', 7, 'Ada iPhone'),
      ),
    );
    await test.upload(ada, body, GROUPED('Minutes'));
    const path = 'metrics/step_count/daily?from=2026-03-02&to=2026-03-02';
    expect(await values(ada, path)).toEqual([['2026-03-02', 157]]);
    expect(await values(ada, `${path}&source=Ada%20iPhone`)).toEqual([['2026-03-02', 67]]);
    expect(
      await values(ada, 'metrics/step_count/aggregate?bucket=minute&from=2026-03-02&to=2026-03-02'),
    ).toEqual([
      ['2026-03-02T08:00:00.000Z', 100],
      ['2026-03-02T08:01:00.000Z', 50],
      ['2026-03-02T08:02:00.000Z', 7],
    ]);
  });
});
