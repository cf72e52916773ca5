import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { z } from 'zod';
import { parseKey } from '../../src/keys/format.ts';
import { INSTALLATION, type KeyKind } from '../../src/model.ts';
import { personAddress } from '../../src/person-address.ts';
import { DEMO_PERSON } from '../demo/person.ts';
import { LOCAL_PEPPER, type Stack } from '../stack/stack.ts';
import { issueKeyIn, PLAIN_KEY } from './issue-key.ts';

/** Whose server this is: a person without any data but their own, and one key of each kind, kept between runs. */

const kept = z.object({ ingestKey: z.string(), readKey: z.string(), adminKey: z.string() });
export type OwnerKeys = z.infer<typeof kept>;

export interface Owner {
  person: string;
  timeZone: string;
  keys: OwnerKeys;
}

export interface OwnerWish {
  /** `undefined`: asked on a terminal, else {@link DEFAULT_PERSON}. */
  person: string | undefined;
  /** Of a person who is new; that of this machine without it. */
  timeZone: string | undefined;
}

const DEFAULT_PERSON = 'owner@localhost';

/**
 * The owner that the folder knows, or a new one. The admin key acts for the installation: erasing the owner leaves it.
 */
export async function prepareOwner(stack: Stack, dataDir: string, wish: OwnerWish): Promise<Owner> {
  const file = join(dataDir, 'keys.json');
  const known = readKept(file);
  const owner = known === null ? null : await ownerOf(stack, known);
  if (known !== null && owner !== null && isMeant(wish.person, owner.person)) {
    await giveToInstallation(stack, known.adminKey);
    return { ...owner, keys: known };
  }
  const person = await makePerson(stack, wish.person ?? (await askPerson()), wish.timeZone);
  const keys = {
    ingestKey: await makeKey(stack, person.id, 'ing'),
    readKey: await makeKey(stack, person.id, 'read'),
    adminKey: await makeKey(stack, INSTALLATION, 'admin'),
  };
  await writeFile(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  return { person: person.email, timeZone: person.timeZone, keys };
}

const isMeant = (wished: string | undefined, known: string): boolean =>
  wished === undefined || wished === known;

function readKept(file: string): OwnerKeys | null {
  try {
    return kept.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

const lookupOf = (key: string): string => {
  const parsed = parseKey(key);
  return 'fault' in parsed ? '' : parsed.lookup;
};

const row = z.object({ lookup: z.string(), email: z.string(), time_zone: z.string() });

/** Whose the keys are; `null` if one opens nothing: the folder may have been used with another database before. */
async function ownerOf(
  stack: Stack,
  keys: OwnerKeys,
): Promise<{ person: string; timeZone: string } | null> {
  const lookups = Object.values(keys).map(lookupOf);
  const rows = await stack.query(
    `select lookup, email, time_zone
     from api_keys join users on users.id = api_keys.user_id
     where lookup = any($1::text[]) and revoked_at is null`,
    [`{${lookups.join(',')}}`],
  );
  const found = rows.map((each) => row.parse(each));
  const owner = found.find(({ lookup }) => lookup === lookupOf(keys.ingestKey));
  if (found.length < lookups.length || owner === undefined) return null;
  return { person: owner.email, timeZone: owner.time_zone };
}

/** Until release 0.4 the admin key of a start belonged to its person, and went with them. */
const giveToInstallation = (stack: Stack, adminKey: string) =>
  stack.query('update api_keys set user_id = $1::uuid where lookup = $2 and user_id <> $1::uuid', [
    INSTALLATION,
    lookupOf(adminKey),
  ]);

/** Who may own a server: not the one whose data are invented. */
export const ownerAddress = personAddress.refine(
  (person) => person !== DEMO_PERSON,
  `${DEMO_PERSON} is the person of npm run demo. Take another.`,
);

async function askPerson(): Promise<string> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return DEFAULT_PERSON;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const question = `Whose health data will be here? An e-mail address, used as a name only [${DEFAULT_PERSON}]: `;
  try {
    for (;;) {
      const typed = (await terminal.question(question)).trim();
      const result = ownerAddress.safeParse(typed === '' ? DEFAULT_PERSON : typed);
      if (result.success) return result.data;
      console.log(result.error.issues[0]?.message);
    }
  } finally {
    terminal.close();
  }
}

const made = z.object({ id: z.string(), email: z.string(), time_zone: z.string() });

async function makePerson(stack: Stack, email: string, timeZone: string | undefined) {
  const [person] = await stack.query(
    `insert into users (email, time_zone) values ($1, $2)
     on conflict (email) do update set email = excluded.email
     returning id, email, time_zone`,
    [email, timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone],
  );
  const { time_zone, ...rest } = made.parse(person);
  return { ...rest, timeZone: time_zone };
}

async function makeKey(stack: Stack, userId: string, kind: KeyKind): Promise<string> {
  const wish = { ...PLAIN_KEY, userId, kind, name: 'made by npm start' };
  return (await issueKeyIn(stack.query, wish, { pepper: LOCAL_PEPPER })).key;
}
