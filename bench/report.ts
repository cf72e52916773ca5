import Table from 'cli-table3';
import { median, range, ratios } from './statistics.ts';

interface Line {
  what: string;
  figure: string;
  reach: string;
  met: string;
}

/** What was measured, against what was to be reached. */
export class Report {
  readonly #lines: Line[] = [];

  add(what: string, figure: string, reach = '–', met?: boolean): void {
    const line = { what, figure, reach, met: met === undefined ? '' : met ? 'yes' : 'NO' };
    this.#lines.push(line);
    console.log(`  ${what}: ${figure}${met === false ? `   (reach: ${reach})` : ''}`);
  }

  /** What COPY needs for the same rows, as a part of what we need: round by round, in milliseconds. */
  addShareOfCopy({
    what,
    rows,
    copies,
    times,
    reach,
  }: {
    what: string;
    rows: number;
    copies: readonly number[];
    times: readonly number[];
    reach: number;
  }): void {
    const shares = ratios(copies, times);
    const share = median(shares);
    const [ours, theirs] = [times, copies].map((each) => (rows / median(each)).toFixed(0));
    this.add(
      what,
      `${share.toFixed(2)} of COPY${range(shares)} (${ours} of ${theirs} k rows/s)`,
      `≥ ${reach}`,
      share >= reach,
    );
  }

  toTerminal(): string {
    const table = new Table({
      head: ['what', 'measured', 'reach', 'met'],
      style: { head: [], border: [], compact: true },
    });
    table.push(...this.#lines.map(({ what, figure, reach, met }) => [what, figure, reach, met]));
    return table.toString();
  }

  toMarkdown(machine: string): string {
    const rows = this.#lines.map(
      ({ what, figure, reach, met }) => `| ${what} | ${figure} | ${reach} | ${met} |`,
    );
    return [
      '# Results',
      '',
      `${new Date().toISOString().slice(0, 10)}, by \`npm run bench\`.`,
      '',
      ...machine.split('\n').map((line) => `- ${line}`),
      '- Medians of some rounds [least–most]; ours and COPY take turns, with emptied tables and a checkpoint between.',
      '',
      '| what | measured | reach | met |',
      '| --- | --- | --- | --- |',
      ...rows,
      '',
    ].join('\n');
  }
}
