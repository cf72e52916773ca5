import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { Complaint, runCommand } from './commands/fail.ts';
import { type LoadOptions, startLoader } from './corpus/loader.ts';
import { plainReceipt } from './corpus/receipt.ts';

/** `npm run corpus -- FILE`: what becomes of any payload, for bug reports. Nothing leaves this machine. */

interface Options {
  header?: Record<string, string>;
  zone: string;
  receivedAt?: string;
}

const addHeader = (text: string, headers: Record<string, string> = {}): Record<string, string> => {
  const [name = '', ...value] = text.split(':');
  return { ...headers, [name.trim().toLowerCase()]: value.join(':').trim() };
};

const program = new Command('npm run corpus --')
  .description(
    'Prints the rows and the receipt that a payload would get, from a database in memory.',
  )
  .argument('<file>', 'JSON, CSV or zip, as the app sends or exports it')
  .option('-H, --header <name:value>', 'a header of the request; may be repeated', addHeader)
  .option('--zone <name>', 'time zone of the person', 'Europe/Vienna')
  .option('--received-at <time>', 'when the payload came; now, if not given')
  .addHelpText(
    'after',
    `
Example:
  npm run corpus -- export.json -H "automation-aggregation: Minutes"

The output holds health data. Before you share it, put invented values in place of yours.`,
  )
  .parse();

const { header = {}, zone, receivedAt } = program.opts<Options>();
const [file = ''] = program.args;
await runCommand(async () => {
  const options: LoadOptions = { headers: header, receivedAt: instantIn(receivedAt) };
  const body = readBody(file);
  console.error('Starting a Postgres in memory …');
  const loader = await startLoader();
  try {
    const person = await loader.newPerson(zone);
    const receipt = await loader.load(person, body, options);
    const rows = await loader.tables(person);
    console.log(JSON.stringify({ rows, receipt: plainReceipt(receipt) }, null, 2));
  } finally {
    await loader.stop();
  }
});

function readBody(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch {
    throw new Complaint(`There is no file ${path}.`);
  }
}

function instantIn(text: string | undefined): number {
  const at = text === undefined ? Date.now() : Date.parse(text);
  if (Number.isNaN(at)) throw new Complaint(`${text} is not a time, such as 2026-03-10T12:00:00Z.`);
  return at;
}
