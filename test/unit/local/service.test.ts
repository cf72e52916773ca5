import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../../local/stack/root.ts';

it.runIf(existsSync('/usr/bin/systemd-analyze'))(
  'systemd finds nothing wrong with the unit',
  () => {
    const unit = join(root, 'contrib/home/self-sensored.service');
    expect(execFileSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' })).toBe('');
  },
);
