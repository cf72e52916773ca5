import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  at: (value: number) => void;
  stop: () => void;
}

/** A bar on a terminal; elsewhere a plain line for every tenth. Both go to standard error. */
export function startProgress(title: string, total: number): Progress {
  return process.stderr.isTTY ? bar(title, total) : lines(title, total);
}

function bar(title: string, total: number): Progress {
  const format = `${title} {bar} {value}/{total} | {duration_formatted}`;
  const shown = new SingleBar({ format, hideCursor: true }, Presets.shades_classic);
  shown.start(total, 0);
  return { at: (value) => shown.update(value), stop: () => shown.stop() };
}

function lines(title: string, total: number): Progress {
  let said = 0;
  const at = (value: number): void => {
    const tenth = Math.floor((value / total) * 10);
    if (tenth <= said) return;
    said = tenth;
    console.error(`${title} ${value}/${total}`);
  };
  return { at, stop: () => {} };
}
