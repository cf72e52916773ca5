import Table from 'cli-table3';

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

  /** A rate in thousands of rows a second, as a part of what COPY does with the same rows. */
  addRatio({
    what,
    rate,
    ceiling,
    reach,
  }: {
    what: string;
    rate: number;
    ceiling: number;
    reach: number;
  }) {
    const ratio = rate / ceiling;
    const figure = `${ratio.toFixed(2)} of COPY (${rate.toFixed(0)} k rows/s)`;
    this.add(what, figure, `≥ ${reach}`, ratio >= reach);
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
      '',
      '| what | measured | reach | met |',
      '| --- | --- | --- | --- |',
      ...rows,
      '',
    ].join('\n');
  }
}
