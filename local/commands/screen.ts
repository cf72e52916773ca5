import { styleText } from 'node:util';

/** Colours where somebody looks, plain text elsewhere. */
const style = (format: 'bold' | 'dim' | 'green', text: string): string =>
  process.stdout.isTTY && !process.env.NO_COLOR ? styleText(format, text) : text;

export const bold = (text: string): string => style('bold', text);

/** Says what is being done, and how long the step before took. */
export class Steps {
  #started = performance.now();
  #current: string | null = null;

  begin(step: string): void {
    this.finish();
    this.#current = step;
    this.#started = performance.now();
  }

  finish(): void {
    if (this.#current === null) return;
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(1);
    console.log(
      `${style('green', '✓')} ${this.#current.padEnd(34)}${style('dim', `${seconds} s`)}`,
    );
    this.#current = null;
  }
}
