import { expect, it } from 'vitest';
import { meaningOf } from '../../src/sqlstate.ts';

it.each([
  ['rows', ['21000', '22003', '22P02', '23505', '23514', '44000', '54000', 'SS001']],
  ['installation', ['0A000', '28P01', '3D000', '3F000', '42P01', '42501', 'F0000']],
  ['passing', ['08006', '08P01', '25006', '40001', '40P01', '53100', '53300', '55P03', '57P01']],
  ['unknown', ['XX000', 'XX001', '58030', 'P0001', 'HV000', '99999', 'ABCDE', '00000']],
] as const)('a class says that it is %s', (meaning, codes) => {
  expect(codes.map(meaningOf)).toEqual(codes.map(() => meaning));
});

it('what is not five characters of a SQLSTATE says nothing', () => {
  const others = ['', ' ', '2300', '235050', '23a05', '23-05', '23505\n', undefined, null, 23505];
  expect(others.map(meaningOf)).toEqual(others.map(() => 'none'));
});
