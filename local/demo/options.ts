import { Command, InvalidArgumentError } from 'commander';
import { dateOf, dayAt, dayNumber } from './calendar.ts';

/** What was asked for on the command line. */
export interface Asked {
  days: number;
  seed: number;
  /** Number of the day that the data ends before. */
  until: number;
  url?: string;
  key?: string;
  dryRun?: string;
  /** The one small export of examples/ in place of made-up days. */
  sample?: boolean;
  /** Erases the demo person in place of filling anything. */
  remove?: boolean;
  /** Also into a database of one's own. */
  yes?: boolean;
}

const EXPLANATION = `
What happens
  Ada does not exist, but her phone and watch have kept a year of her: heart rate by the minute, steps
  counted by both devices, meals, blood pressure, a skiing accident in February, a diving holiday in July
  and the flu in November. The demo uploads all of that as the app would: a history of up to 90 days in
  large bodies that go through the queue, then an upload each evening that overlaps the one before, some
  more each Monday, and at the end a month that the server knows already.
  Then it waits until every receipt is closed and shows what they add up to. Run it twice: the second time
  nothing is new.

Where to
  Without --url it uses the server of a running "npm start" (its data folder is .local, or DATA_DIR), and
  makes itself a key with a large quota. If none runs, it starts one and stops it at the end. There all of it
  belongs to a person of its own, demo@localhost: nobody's numbers change, and --remove takes it away. A
  database of your own (DATABASE_URL) is only filled with --yes.
  With --url and --key it uploads there. A key with the usual quota of 10 MB an hour is too small for a
  year: ask for one with more, or take fewer --days.

Examples
  npm run demo
  npm run demo -- --days 30 --seed 7
  npm run demo -- --sample
  npm run demo -- --remove
  npm run demo -- --dry-run bodies
  npm run demo -- --url https://health.example.org --key ss_ing_...
`;

/** Reads the command line. Prints help or what is wrong, and exits, as commander does. */
export function readOptions(argv: readonly string[], now: number): Asked {
  const program = new Command('npm run demo --')
    .description('Fills a server with an invented, plausible year of health data.')
    .option('--days <n>', 'how many days of data', wholeNumber(1, 3650), 365)
    .option(
      '--seed <n>',
      'another seed, another life; the same seed, the same bytes',
      wholeNumber(0, 2 ** 31),
      1,
    )
    .option(
      '--until <date>',
      'the data ends at the midnight that begins this day (default: today)',
      readDay,
    )
    .option('--url <url>', 'a server to upload to', readUrl)
    .option('--key <key>', 'its key to upload with')
    .option(
      '--sample',
      'the small sample export, with something of every section, in place of days',
    )
    .option('--remove', 'erases the demo person, with all data and keys')
    .option('--yes', 'also where a DATABASE_URL is set')
    .option('--dry-run <folder>', 'write the bodies and headers there instead of uploading them')
    .addHelpText('after', EXPLANATION)
    .showHelpAfterError('(--help says more)');
  program.parse(argv);
  const asked = program.opts<Omit<Asked, 'until'> & { until?: number }>();
  if ((asked.url === undefined) !== (asked.key === undefined)) {
    program.error('--url and --key go together.');
  }
  return { ...asked, until: asked.until ?? dayAt(now) };
}

const wholeNumber = (least: number, most: number) => (text: string) => {
  const n = Number(text);
  if (Number.isInteger(n) && n >= least && n <= most) return n;
  throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
};

function readDay(text: string): number {
  const day = dayNumber(text);
  if (day !== null) return day;
  throw new InvalidArgumentError(`It must be a date such as ${dateOf(20_000)}.`);
}

function readUrl(text: string): string {
  if (/^https?:/.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError('It must begin with http:// or https://.');
}
