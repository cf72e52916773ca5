import { unstable_getMiniflareWorkerOptions } from 'wrangler';

/** Prints, as JSON, what the wrangler file named by the first argument says of its Worker. A process of its own: wrangler takes 160 MB. */

const [, , file = ''] = process.argv;
process.stdout.write(JSON.stringify(unstable_getMiniflareWorkerOptions(file).workerOptions));
