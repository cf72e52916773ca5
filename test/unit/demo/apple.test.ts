import { expect, it } from 'vitest';
import { printJson } from '../../../local/demo/apple.ts';

it('prints as the serialiser of the phone does', () => {
  const at = new Date(Date.UTC(2026, 2, 2, 18, 41));
  const text = printJson(
    { units: 'km/hr', data: [{ qty: 1.5, date: at }], metadata: {}, route: [] },
    '24',
  );
  expect(text).toBe(`{
  "units" : "km\\/hr",
  "data" : [
    {
      "qty" : 1.5,
      "date" : "2026-03-02 19:41:00 +0100"
    }
  ],
  "metadata" : {

  },
  "route" : [

  ]
}`);
});

it('prints what any parser reads back', () => {
  const value = { text: 'a "quote" \\ / \u00a0 Ada’s', no: null, yes: true, list: [1, [2, []]] };
  expect(JSON.parse(printJson(value, '24'))).toEqual(value);
});
