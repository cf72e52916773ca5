import { createInterface } from 'node:readline/promises';
import { Complaint } from './fail.ts';

/**
 * Asks before something that is hard to undo.
 * @param yes was said on the command line already
 * @throws Complaint where nobody can be asked, or the answer is no
 */
export async function requireYes(question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new Complaint(`${question} Nothing was done: add --yes to do it where nobody is asked.`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    if (/^y(es)?$/i.test(answer.trim())) return;
  } finally {
    terminal.close();
  }
  throw new Complaint('Nothing was done.');
}
