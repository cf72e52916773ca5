import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  checkAddress,
  checkDataDir,
  cureOfListening,
  cureOfWriting,
} from '../../../local/commands/checks.ts';
import { readLocalSettings, workerVars } from '../../../local/commands/settings.ts';

/** What stops a start, each in words that name the cure. */

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checks-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a folder for the data', () => {
  it('is made, and nothing is left in it', async () => {
    await expect(checkDataDir(join(folder, 'a/b'))).resolves.toBeNull();
    await expect(checkDataDir(join(folder, 'a/b'))).resolves.toBeNull();
  });

  it('that is a file is refused', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    for (const place of [file, join(file, 'below')]) {
      await expect(checkDataDir(place)).rejects.toThrow(
        `DATA_DIR ${place} is a file, or lies in one. Set it to a folder.`,
      );
    }
  });

  it.each([
    ['EACCES', 'cannot be written (EACCES). Set it to a folder of yours'],
    ['EROFS', 'cannot be written (EROFS)'],
    ['ENOSPC', 'The disk of DATA_DIR /data is full. Make room'],
  ])('%s has a cure', (code, words) => {
    expect(cureOfWriting(code, '/data')).toContain(words);
  });
});

describe('an address', () => {
  it('of this computer is fine', async () => {
    await expect(checkAddress('127.0.0.1', 0)).resolves.toBeUndefined();
  });

  it('of another computer is refused', async () => {
    await expect(checkAddress('192.0.2.7', 8787)).rejects.toThrow(
      'HOST 192.0.2.7 is no address of this computer. 127.0.0.1 is for itself alone, 0.0.0.0 lets its networks in.',
    );
  });

  it('with a port of administrators is refused with one that works', () => {
    expect(cureOfListening('EACCES', '0.0.0.0', 80)).toBe(
      'Port 80 may only be used by an administrator. Take one from 1024 on, as in PORT=8787 npm start; a proxy such as Caddy can pass 80 and 443 on to it.',
    );
    expect(cureOfListening('EADDRINUSE', '0.0.0.0', 80)).toBeNull();
  });
});

describe('settings', () => {
  it('that are wrong are all named at once', () => {
    expect(() =>
      readLocalSettings({ PORT: '80800', DATABASE_URL: 'mysql://x', PERSON: 'ada' }),
    ).toThrow(
      [
        'PORT: must be a number from 1 to 65535',
        'DATABASE_URL: must begin with postgres://',
        'PERSON: An e-mail address, such as ada@example.org or ada@localhost.',
      ].join('\n✗ '),
    );
  });

  it('of the Workers are checked before anything is built', () => {
    expect(() => workerVars({ QUOTA_READS_PER_HOUR: 'many', DEFER_SECONDS: '0' })).toThrow(
      'QUOTA_READS_PER_HOUR: must be a number\n✗ DEFER_SECONDS: must be above 0',
    );
  });
});
