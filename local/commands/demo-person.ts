import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseKey } from '../../src/keys/format.ts';
import type { KeyKind } from '../../src/model.ts';
import { LOCAL_PEPPER, type Stack } from '../stack/stack.ts';
import { issueKeyIn, PLAIN_KEY } from './issue-key.ts';

/** A person to try things with, and one key of each kind, kept between runs. */

const kept = z.object({ ingestKey: z.string(), readKey: z.string(), adminKey: z.string() });
export type DemoKeys = z.infer<typeof kept>;

const EMAIL = 'demo@localhost';

export async function prepareDemoPerson(stack: Stack, dataDir: string): Promise<DemoKeys> {
  const file = join(dataDir, 'keys.json');
  const known = readKept(file);
  if (known !== null && (await areValid(stack, known))) return known;
  const person = await makePerson(stack);
  const made = {
    ingestKey: await makeKey(stack, person, 'ing'),
    readKey: await makeKey(stack, person, 'read'),
    adminKey: await makeKey(stack, person, 'admin'),
  };
  await writeFile(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  return made;
}

function readKept(file: string): DemoKeys | null {
  try {
    return kept.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** The folder may have been used with another database before. */
async function areValid(stack: Stack, keys: DemoKeys): Promise<boolean> {
  const lookups = Object.values(keys).map((key) => {
    const parsed = parseKey(key);
    return 'fault' in parsed ? '' : parsed.lookup;
  });
  const rows = await stack.query(
    'select 1 from api_keys where lookup = any($1::text[]) and revoked_at is null',
    [`{${lookups.join(',')}}`],
  );
  return rows.length === lookups.length;
}

async function makePerson(stack: Stack): Promise<string> {
  const [person] = await stack.query(
    `insert into users (email, time_zone) values ($1, $2)
     on conflict (email) do update set email = excluded.email
     returning id`,
    [EMAIL, Intl.DateTimeFormat().resolvedOptions().timeZone],
  );
  return String(person?.id);
}

async function makeKey(stack: Stack, userId: string, kind: KeyKind): Promise<string> {
  const wish = { ...PLAIN_KEY, userId, kind, name: 'made by npm start' };
  return (await issueKeyIn(stack.query, wish, { pepper: LOCAL_PEPPER })).key;
}
