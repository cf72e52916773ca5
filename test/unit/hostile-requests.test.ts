import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DOORS, hostileRequest, MAX_MADE_BYTES, SHAPES } from '../faults/fuzz/hostile-requests.ts';

const SOME = 120;
const made = Array.from({ length: SOME }, (_, number) => hostileRequest(7, number));

describe('hostile requests', () => {
  it('are the same for the same seed and number', () => {
    for (const { recipe, init } of made.slice(0, 20)) {
      const again = hostileRequest(recipe.seed, recipe.number);
      expect(again.recipe).toEqual(recipe);
      expect(again.init).toEqual(init);
    }
  });

  it('are others for another seed', () => {
    const recipes = (seed: number) =>
      Array.from({ length: 20 }, (_, number) => hostileRequest(seed, number).recipe.shapes);
    expect(recipes(1)).not.toEqual(recipes(2));
  });

  it('come to every door in every shape, alone and mixed', () => {
    const seen = made.flatMap(({ recipe }) => recipe.shapes.map(({ shape }) => shape));
    expect(new Set(seen)).toEqual(new Set(SHAPES));
    expect(new Set(made.map(({ recipe }) => recipe.door))).toEqual(new Set(DOORS));
    expect(new Set(made.map(({ recipe }) => recipe.shapes.length))).toEqual(new Set([1, 2]));
  });

  it('are bounded, small ones and large ones', () => {
    const sizes = made.map(({ init }) => init.body?.length ?? 0);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_MADE_BYTES);
    expect(Math.max(...sizes)).toBeGreaterThan(100_000);
    expect(sizes.filter((size) => size < 1_000).length).toBeGreaterThan(SOME / 10);
  });

  it('are JSON where nothing has cut it off', () => {
    const bodies = made
      .filter(({ recipe: { door, packing } }) => door === 'json' && packing === 'gzip')
      .map(({ init }) => gunzipSync(init.body ?? new Uint8Array()))
      .filter(({ length }) => length < 1_000_000);
    expect(bodies.length).toBeGreaterThan(2);
    for (const body of bodies) expect(() => JSON.parse(body.toString())).not.toThrow();
  });
});
