import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';

/**
 * Asks a server for the least there is, again and again, in a thread of its own: what the bench itself computes meanwhile does
 * not count as a wait. Tells the longest that it took, in milliseconds, and ends when it is told anything.
 */

const PROBE_MS = 10;

const url = z.url().parse(workerData);
let isUnderWay = true;
parentPort?.once('message', () => {
  isUnderWay = false;
});
let longest = 0;
while (isUnderWay) {
  const asked = performance.now();
  await (await fetch(url)).text();
  longest = Math.max(longest, performance.now() - asked);
  await new Promise((resolve) => setTimeout(resolve, PROBE_MS));
}
parentPort?.postMessage(longest);
