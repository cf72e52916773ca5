import { expect, it } from 'vitest';
import { networkOf } from '../../../src/http/network.ts';

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
  ['2001:DB8:1:2::9', '2001:db8:1:2::'],
  ['2001:db8::1', '2001:db8::'],
  ['no address', 'unknown'],
  ['', 'unknown'],
])('attempts from %s count for %s', (ip, network) => {
  expect(networkOf(ip)).toBe(network);
});
