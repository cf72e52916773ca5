import { randomUUID } from 'node:crypto';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { describe, type WorkerName } from './build.ts';
import { childrenWith, killAll } from './processes.ts';

/** A Worker in a runtime process of its own, which may be killed and started again in the same place. */

export interface WorkerProcess {
  url: string;
  /** Of the runtime that is running now. @throws if it was killed */
  readonly pid: number;
  /** SIGKILL: what is under way ends in the middle. */
  kill(): Promise<void>;
  /** Starts it after `kill`, or kills it first. @param vars over those it was started with, from now on. */
  restart(vars?: Record<string, string>): Promise<void>;
  stop(): Promise<void>;
}

export interface WorkerProcessOptions {
  name: WorkerName;
  port: number;
  vars: Record<string, string>;
  onLog(line: string): void;
}

interface Running {
  miniflare: Miniflare;
  pid: number;
}

/** How the process of one runtime is told from those of others. */
const MARK = 'SELF_SENSORED_BED';

export async function startWorkerProcess(options: WorkerProcessOptions): Promise<WorkerProcess> {
  let vars = options.vars;
  let running: Running | null = await run(options);

  const kill = async () => {
    if (running === null) return;
    const { miniflare, pid } = running;
    running = null;
    const killed = killAll([pid]);
    // In the same breath: otherwise Miniflare takes it for a crash, and starts the Worker again.
    await miniflare.dispose();
    await killed;
  };
  return {
    url: `http://127.0.0.1:${options.port}`,
    get pid() {
      if (running === null) throw new Error(`The ${options.name} was killed.`);
      return running.pid;
    },
    kill,
    restart: async (changed = {}) => {
      await kill();
      vars = { ...vars, ...changed };
      running = await run({ ...options, vars });
    },
    stop: kill,
  };
}

async function run({ name, port, vars, onLog }: WorkerProcessOptions): Promise<Running> {
  const mark = randomUUID();
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port,
      handleStructuredLogs: ({ message }) => onLog(message),
      unsafeRuntimeEnv: { [MARK]: mark },
      workers: [await describe(name, vars)],
    }),
  );
  await miniflare.ready;
  const [pid, ...more] = childrenWith(MARK, mark);
  if (pid === undefined || more.length > 0) throw new Error(`Which process runs the ${name}?`);
  return { miniflare, pid };
}
