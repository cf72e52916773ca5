import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { measureAuth } from './auth.ts';
import { makeBed, readBody } from './bed.ts';
import { reportCost } from './cost.ts';
import { measureDecade } from './decade/measure.ts';
import { measureDoors } from './doors.ts';
import { measureEdge } from './edge.ts';
import { measureEndToEnd } from './end-to-end.ts';
import { measureIdle } from './idle.ts';
import { measureIsolates } from './isolates.ts';
import { describeMachine } from './machine.ts';
import { measureMaintenance } from './maintenance.ts';
import { bodyFile } from './payloads.ts';
import { describePostgres, startPostgres } from './postgres.ts';
import { measureQuestion } from './question.ts';
import { Report } from './report.ts';
import { decodeBody } from './rows.ts';
import { measureSectionMemory, measureSections } from './sections.ts';
import { measureShapes } from './shapes.ts';
import { measureSmallSync } from './small-sync.ts';
import { measureStrategies } from './strategies.ts';
import { measureWritePath } from './write-path.ts';

/** `npm run bench`: the numbers of README and results.md, as ratios within one run. */

const PARTS = [
  'shapes',
  'write',
  'strategies',
  'e2e',
  'sections',
  'doors',
  'small',
  'auth',
  'edge',
  'question',
  'idle',
  'cost',
  'isolates',
  'decade',
  'maintenance',
] as const;
type Part = (typeof PARTS)[number];

const partsIn = (text: string): Part[] =>
  text.split(',').map((name) => {
    const part = PARTS.find((known) => known === name);
    if (part === undefined) throw new InvalidArgumentError(`There is no part ${name}.`);
    return part;
  });

const { only, quick, save } = new Command('npm run bench --')
  .description('Measures speed and memory on a real Postgres, and writes bench/results.md.')
  .option('--only <parts>', `some of ${PARTS.join(',')}; results.md stays as it is`, partsIn)
  .option('--quick', 'one round of each; results.md stays as it is')
  .option('--save', 'writes results.md all the same, which says what was run')
  .parse()
  .opts<{ only?: Part[]; quick?: true; save?: true }>();
const chosen = new Set<Part>(only ?? PARTS);
const rounds = quick ? 1 : 3;

const report = new Report();
const postgres = await startPostgres();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    postgres.stop();
    process.exit(1);
  });
}
try {
  await measureAll();
} finally {
  postgres.stop();
}
process.exit();

async function measureAll(): Promise<void> {
  const bed = await makeBed(postgres.url);
  const machine = describeMachine(await describePostgres(bed.client));
  console.log(`${machine}\n`);
  const part = async (name: Part, measure: () => Promise<void>) => {
    if (!chosen.has(name)) return;
    console.log(`${name} …`);
    try {
      await measure();
    } catch (error) {
      // What the other parts have measured is not lost.
      console.error(error);
      report.add(name, `did not run to its end: ${String(error)}`, '–', false);
    }
  };
  const decoded = async (shuffled: boolean) =>
    decodeBody(readBody((await bodyFile({ bytes: 20_000_000, seed: 1, shuffled })).path));

  await part('shapes', async () => measureShapes(report));
  await part('write', async () => {
    const bodies = { body: await decoded(false), scattered: await decoded(true) };
    await measureWritePath(bed, bodies, report, rounds);
  });
  await part('strategies', async () => measureStrategies(bed, await decoded(false), rounds));
  await part('e2e', () => measureEndToEnd(bed, report, rounds));
  await part('sections', () => measureSections(bed, report));
  await part('small', () => measureSmallSync(bed, report));
  await part('auth', () => measureAuth(bed, report));
  await bed.stop();
  await part('sections', () => measureSectionMemory(postgres.url, report));
  await part('doors', () => measureDoors(postgres.url, report));
  await part('edge', () => measureEdge(postgres.url, report, rounds));
  await part('question', () => measureQuestion(postgres.url, report, rounds));
  await part('idle', () => measureIdle(report));
  await part('cost', async () => reportCost(report));
  await part('isolates', () => measureIsolates(postgres.url, report, quick === true));
  await part('decade', () => measureDecade(report));
  await part('maintenance', async () => {
    const { client, ...many } = await makeBed(postgres.url, { only: ['api'] });
    await measureMaintenance({ databaseUrl: postgres.url, client }, report, quick === true);
    await many.stop();
  });

  console.log(`\n${report.toTerminal()}`);
  if (save || (only === undefined && !quick)) {
    const run = only === undefined ? machine : `${machine}\nRun: \`${only.join(', ')}\`.`;
    const text = report.toMarkdown(quick ? `${run}\nOne round of each (\`--quick\`).` : run);
    writeFileSync(new URL('results.md', import.meta.url), text);
  }
}
