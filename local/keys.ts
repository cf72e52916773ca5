import Table from 'cli-table3';
import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { parseKey } from '../src/keys/format.ts';
import type { KeyKind } from '../src/model.ts';
import { personAddress } from '../src/person-address.ts';
import { Complaint, runCommand } from './commands/fail.ts';
import { openKeyCache } from './commands/key-cache.ts';
import { type KeyStore, openKeyApi, openKeyDatabase } from './commands/key-store.ts';
import { runningSession } from './commands/session.ts';
import { readLocalSettings } from './commands/settings.ts';

/** `npm run keys`: makes, lists and revokes the keys of an installation. */

const positive = (text: string): number => {
  const result = z.coerce.number().int().positive().safeParse(text);
  if (!result.success) throw new InvalidArgumentError('A whole number from 1 on.');
  return result.data;
};

const email = (text: string): string => {
  const result = personAddress.safeParse(text.trim());
  if (!result.success) throw new InvalidArgumentError(result.error.issues[0]?.message ?? '');
  return result.data;
};

const keyId = (text: string): string => {
  if (!z.uuid().safeParse(text).success) {
    throw new InvalidArgumentError('The id of a key, as the list has it.');
  }
  return text;
};

const zone = (text: string): string => {
  if (!Intl.supportedValuesOf('timeZone').includes(text) && text !== 'UTC') {
    throw new InvalidArgumentError('An IANA time zone, such as Europe/Vienna.');
  }
  return text;
};

interface CreateOptions {
  kind: KeyKind;
  person: string;
  name?: string;
  timeZone?: string;
  expiresInDays?: number;
  requestsPerHour?: number;
  bytesPerHour?: number;
}

async function withStore(use: (store: KeyStore) => Promise<void>): Promise<void> {
  const settings = readLocalSettings(process.env);
  const { DATABASE_URL, DATA_DIR, KEY_PEPPER = null } = settings;
  if (DATABASE_URL === undefined) return use(openRunning(DATA_DIR));
  const cache = await openKeyCache(settings);
  try {
    const store = await openKeyDatabase(DATABASE_URL, { pepper: KEY_PEPPER, cache });
    try {
      await use(store);
    } finally {
      await store.close();
    }
  } finally {
    await cache?.close();
  }
}

function openRunning(dataDir: string): KeyStore {
  const session = runningSession(dataDir);
  if (session !== null) return openKeyApi(session);
  throw new Complaint(
    'Set DATABASE_URL to the database of your installation, or leave `npm start` running for the one here.',
  );
}

const UNTAGGED = `
KEY_PEPPER is not set here, so this key carries no tag: it works, but while the database is away only Workers that have
seen it within 30 days take it. With the pepper of your Workers in KEY_PEPPER, or by POST /api/v1/keys, you get one that
is always taken.`;

const create = (options: CreateOptions) =>
  withStore(async (store) => {
    const key = await store.create({
      kind: options.kind,
      person: options.person,
      name: options.name ?? null,
      timeZone: options.timeZone ?? null,
      expiresInDays: options.expiresInDays ?? null,
      requestsPerHour: options.requestsPerHour ?? null,
      bytesPerHour: options.bytesPerHour ?? null,
    });
    console.log(key);
    const parsed = parseKey(key);
    if (!('fault' in parsed) && parsed.form === 'checksummed') console.error(UNTAGGED);
    console.error(
      `\nKeep it now: only its hash is stored. Send it as   Authorization: Bearer ${key}`,
    );
  });

const list = () =>
  withStore(async (store) => {
    const table = new Table({
      head: ['id', 'kind', 'person', 'name', 'created', 'expires', 'revoked'],
      style: { head: [], border: [], compact: true },
    });
    for (const key of await store.list()) {
      const dates = [key.created_at, key.expires_at, key.revoked_at];
      table.push([
        key.id,
        key.kind,
        key.person ?? 'the installation',
        key.name ?? '',
        ...dates.map((date) => date?.slice(0, 16) ?? ''),
      ]);
    }
    console.log(table.toString());
    console.log(table.length === 1 ? '1 key' : `${table.length} keys`);
  });

const revoke = (id: string) =>
  withStore(async (store) => console.log(`${id} is revoked. ${await store.revoke(id)}`));

const program = new Command('npm run keys --')
  .description(
    'Keys of an installation. Works on the database of DATABASE_URL, else on the `npm start` that runs here.',
  )
  .addHelpText(
    'after',
    `
Examples
  DATABASE_URL=postgres://… npm run keys -- create --kind ing --person ada@example.org
  npm run keys -- create --kind read --person ada@example.org --expires-in-days 90
  npm run keys -- list
  npm run keys -- revoke 0b1c…

Settings, beside DATABASE_URL
  KEY_PEPPER                of your Workers: new keys carry a tag that is made with it
  UPSTASH_REDIS_REST_URL,   of your Workers, or REDIS_URL: what is revoked is forgotten at once
  UPSTASH_REDIS_REST_TOKEN

Kinds
  ing     the phone: uploads, and sees the receipts of its own uploads
  read    reads the samples and receipts of one person
  admin   makes and revokes keys; reads no health data`,
  );

program
  .command('create')
  .description('makes a key and prints it, this once')
  .addOption(
    new Option('--kind <kind>', 'what it may do')
      .choices(['ing', 'read', 'admin'])
      .makeOptionMandatory(),
  )
  .requiredOption('--person <email>', 'whom it acts for; made if new', email)
  .option('--name <name>', 'to tell keys apart')
  .option('--time-zone <zone>', 'of a new person; UTC without it', zone)
  .option('--expires-in-days <days>', 'after which it opens nothing', positive)
  .option('--requests-per-hour <count>', 'a quota of its own', positive)
  .option('--bytes-per-hour <count>', 'a quota of its own', positive)
  .action(create);
program.command('list').description('all keys, newest first').action(list);
program
  .command('revoke')
  .description('ends a key')
  .argument('<id>', 'from the list', keyId)
  .action(revoke);

await runCommand(async () => void (await program.parseAsync()));
