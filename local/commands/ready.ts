import { networkInterfaces } from 'node:os';
import type { Owner } from './owner.ts';
import { bold } from './screen.ts';

/** What a start shows once everything runs. */

interface Ready {
  url: string;
  owner: Owner;
  dataDir: string;
  /** Where the API listens. */
  host: string;
}

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];

export function renderReady({ url, owner, dataDir, host }: Ready): string {
  const { person, timeZone, keys } = owner;
  const lines = [
    '',
    `${bold('self-sensored is running')} at ${bold(url)}`,
    '',
    `These are the keys of ${bold(person)}, whose days are those of ${timeZone} (PATCH /api/v1/preferences changes that).`,
    'Paste them into a shell, and the commands of the README work:',
    '',
    `  export URL=${url}`,
    `  export ING_KEY=${keys.ingestKey}`,
    `  export READ_KEY=${keys.readKey}`,
    `  export ADMIN_KEY=${keys.adminKey}   # of the installation: makes keys, and reads no health data`,
    '',
    ...forPhone(url, host),
    `  every question, to read and to try   ${url}/docs`,
    '  something to look at                 npm run demo -- --days 30',
    `  data, keys and logs                  ${dataDir}`,
    '  Ctrl-C stops it',
  ];
  return lines.join('\n');
}

function forPhone(url: string, host: string): string[] {
  if (LOOPBACK.includes(host))
    return [
      '  only this computer can reach it      HOST=0.0.0.0 npm start lets your phone in (docs/phone.md)',
    ];
  const { port } = new URL(url);
  const addresses = host === '0.0.0.0' || host === '::' ? addressesHere() : [host];
  return [
    'Into the phone (docs/phone.md says which fields):',
    '',
    ...addresses.map((address) => `  URL     http://${address}:${port}/api/v1/sync`),
    '  header  Authorization: Bearer, a blank, and the ING_KEY above',
    '',
  ];
}

/** Of this computer in its networks, IPv4 alone: that is what people can type. */
const addressesHere = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
