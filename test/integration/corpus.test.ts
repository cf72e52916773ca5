import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Loader, startLoader } from '../../local/corpus/loader.ts';
import { plainReceipt } from '../../local/corpus/receipt.ts';
import { accounts } from './support/receipts.ts';

/**
 * Every variant of a payload that the app is known to send, with the exact rows and the receipt that it must get.
 * `npm run corpus -- test/corpus/<name>.json --received-at 2026-04-01T12:00:00Z` prints them.
 */

const folder = join(import.meta.dirname, '../corpus');
const RECEIVED_AT = Date.parse('2026-04-01T12:00:00Z');

let loader: Loader;
beforeAll(async () => {
  loader = await startLoader(process.env.TEST_DATABASE_URL ?? null);
});
afterAll(() => loader.stop());

const payloads = globSync('*.{json,csv}', { cwd: folder })
  .filter((file) => !file.endsWith('.expected.json'))
  .sort();

describe.each(payloads)('%s', (file) => {
  const expected = JSON.parse(
    readFileSync(join(folder, `${basename(file).replace(/\.\w+$/, '')}.expected.json`), 'utf8'),
  );
  const body = readFileSync(join(folder, file));

  it('becomes exactly these rows, and this receipt', async () => {
    const person = await loader.newPerson();
    const receipt = await loader.load(person, body, { receivedAt: RECEIVED_AT });
    expect({ rows: await loader.tables(person), receipt: plainReceipt(receipt) }).toEqual(expected);
    expect(accounts(receipt)).toBe(true);
  });

  it('changes nothing when it comes again', async () => {
    const person = await loader.newPerson();
    await loader.load(person, body, { receivedAt: RECEIVED_AT });
    const rows = await loader.tables(person);
    const again = await loader.load(person, body, { receivedAt: RECEIVED_AT + 60_000 });
    expect(again.totals).toMatchObject({ inserted: 0, updated: 0 });
    expect(await loader.tables(person)).toEqual(rows);
  });
});
