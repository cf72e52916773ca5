import { setTimeout } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import { Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import type { components } from '../client/api.d.ts';
import { dataOf, openApi } from './commands/api.ts';
import { Complaint, runCommand } from './commands/fail.ts';
import { runningSession } from './commands/session.ts';
import { readLocalSettings } from './commands/settings.ts';

/** `npm run replay`: the uploads of a span once more, with the decoder of today. First a preview, then for good. */

const day = (text: string): string => {
  const result = z.union([z.iso.date(), z.iso.datetime({ offset: true })]).safeParse(text);
  if (!result.success) {
    throw new InvalidArgumentError(
      'A day such as 2026-03-02, or an instant such as 2026-03-02T00:00:00Z.',
    );
  }
  return new Date(text).toISOString();
};

type Job = components['schemas']['Job'];

interface Options {
  person?: string;
  from: string;
  to: string;
  apply?: boolean;
  url?: string;
  key?: string;
}

const POLL_MS = 500;

function serverOf({ url, key }: Options): { url: string; key: string } {
  if (url !== undefined && key !== undefined) return { url, key };
  const session = runningSession(readLocalSettings(process.env).DATA_DIR);
  if (session === null) {
    throw new Complaint(
      'Give --url and --key (an admin key), or leave `npm start` running for the one here.',
    );
  }
  return { url: session.url, key: session.adminKey };
}

async function replay(options: Options): Promise<void> {
  const { url, key } = serverOf(options);
  const api = openApi(url, key);
  const { person = null, from, to, apply = false } = options;
  const job = await dataOf(api.POST('/api/v1/admin/replay', { body: { person, from, to, apply } }));
  const path = { id: job.id };
  const done = await follow(job, () =>
    dataOf(api.GET('/api/v1/admin/jobs/{id}', { params: { path } })),
  );
  console.log(tableOf(done));
  if (!apply) console.log('This was a preview: nothing was stored. Add --apply to do it.');
}

async function follow(job: Job, ask: () => Promise<Job>): Promise<Job> {
  const bar = new SingleBar({ format: 'uploads {bar} {value}/{total}  {eta_formatted} left' });
  bar.start(job.uploads.total, job.uploads.done);
  try {
    for (let state = job; ; state = await ask()) {
      bar.update(state.uploads.done);
      if (state.status !== 'running') return state;
      await setTimeout(POLL_MS);
    }
  } finally {
    bar.stop();
  }
}

const number = (value: number): string => value.toLocaleString('en');

function tableOf({ metrics, totals, applies, uploads }: Job): string {
  const words = applies
    ? ['inserted', 'changed', 'left', 'set aside']
    : ['would insert', 'would change', 'would leave', 'would set aside'];
  const table = new Table({
    head: ['', ...words],
    colAligns: ['left', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const [name, counts] of [...Object.entries(metrics), ['all', totals] as const]) {
    const { inserted, updated, unchanged, set_aside } = counts;
    table.push([name, ...[inserted, updated, unchanged, set_aside].map(number)]);
  }
  const failed = uploads.failed > 0 ? `\n${uploads.failed} uploads could not be replayed.` : '';
  return `${table.toString()}${failed}`;
}

const program = new Command('npm run replay --')
  .description('Loads the archived uploads of a span once more, with the decoder of today.')
  .requiredOption('--from <day>', 'uploads received from then on', day)
  .option(
    '--to <day>',
    'uploads received before then; now without it',
    day,
    new Date().toISOString(),
  )
  .option('--person <email>', 'whose; whoever the admin key belongs to without it')
  .option('--apply', 'for good, and not only as a preview')
  .option('--url <url>', 'of the server; the `npm start` of this machine without it')
  .option('--key <key>', 'an admin key of it')
  .addHelpText(
    'after',
    `
Examples
  npm run replay -- --from 2026-01-01
  npm run replay -- --from 2026-01-01 --to 2026-02-01 --person ada@example.org --apply

A replay never overwrites what later uploads knew, and doing it twice changes nothing. The preview looks at each upload by
itself: what several of them would insert alike is counted for each.`,
  )
  .action(replay);

await runCommand(async () => void (await program.parseAsync()));
