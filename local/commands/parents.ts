import { readFileSync } from 'node:fs';

/** The processes above this one. */

const POLL_MS = 500;

/**
 * Calls back once when the parent of this process has ended, or the parent's parent, which npm is where its shell stays
 * between the two. Only Linux tells the second.
 */
export function onOrphaned(callBack: () => void): void {
  const first = [process.ppid, grandparent()].join();
  const timer = setInterval(() => {
    if ([process.ppid, grandparent()].join() === first) return;
    clearInterval(timer);
    callBack();
  }, POLL_MS);
  timer.unref();
}

/** @returns `null` where the system does not tell. */
function grandparent(): number | null {
  try {
    // "pid (name) state ppid …", where the name may hold blanks and parentheses.
    const [, ppid] =
      /^.*\) \S (\d+)/s.exec(readFileSync(`/proc/${process.ppid}/stat`, 'utf8')) ?? [];
    return Number(ppid);
  } catch {
    return null;
  }
}
