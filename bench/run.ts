import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { measureAuth } from './auth.ts';
import { makeBed, readBody } from './bed.ts';
import { measureEdge } from './edge.ts';
import { measureEndToEnd } from './end-to-end.ts';
import { describeMachine } from './machine.ts';
import { bodyFile } from './payloads.ts';
import { startPostgres } from './postgres.ts';
import { Report } from './report.ts';
import { decodeBody } from './rows.ts';
import { measureSmallSync } from './small-sync.ts';
import { measureStrategies } from './strategies.ts';
import { measureWritePath } from './write-path.ts';

/** `npm run bench`: the numbers of README and results.md, as ratios within one run. */

const PARTS = ['write', 'strategies', 'e2e', 'edge', 'auth', 'small'] as const;
type Part = (typeof PARTS)[number];

const { only } = new Command('npm run bench --')
  .description('Measures speed and memory on a real Postgres, and writes bench/results.md.')
  .option('--only <parts>', `some of ${PARTS.join(',')}; then results.md stays as it is`)
  .parse()
  .opts<{ only?: string }>();
const chosen = new Set<string>(only?.split(',') ?? PARTS);

const report = new Report();
const postgres = await startPostgres();
try {
  const bed = await makeBed(postgres.url);
  const { rows } = await bed.client.query<{ version: string }>(
    `select current_setting('server_version') as version`,
  );
  const machine = describeMachine(`PostgreSQL ${rows[0]?.version}`);
  console.log(`${machine}\n`);
  const part = async (name: Part, measure: () => Promise<void>) => {
    if (!chosen.has(name)) return;
    console.log(`${name} …`);
    await measure();
  };
  const decoded = async () =>
    decodeBody(readBody((await bodyFile({ bytes: 20_000_000, seed: 1 })).path));

  await part('write', async () => measureWritePath(bed, await decoded(), report));
  await part('strategies', async () => measureStrategies(bed, await decoded()));
  await part('e2e', () => measureEndToEnd(bed, report));
  await part('small', () => measureSmallSync(bed, report));
  await part('auth', () => measureAuth(bed, report));
  await bed.stop();
  await part('edge', () => measureEdge(postgres.url, report));

  console.log(`\n${report.toTerminal()}`);
  if (only === undefined) {
    writeFileSync(new URL('results.md', import.meta.url), report.toMarkdown(machine));
  }
} finally {
  postgres.stop();
}
process.exit();
