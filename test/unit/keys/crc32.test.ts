import zlib from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32 } from '../../../src/keys/crc32.ts';

test('the check value of CRC-32 comes out', () => {
  expect(crc32('123456789')).toBe(0xcbf43926);
});

test('it agrees with zlib on any ASCII text', () => {
  const ascii = fc.string({ unit: 'binary-ascii' });
  fc.assert(fc.property(ascii, (text) => crc32(text) === zlib.crc32(text)));
});
