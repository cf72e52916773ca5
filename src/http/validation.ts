import { zValidator } from '@hono/zod-validator';
import type { MiddlewareHandler } from 'hono';
import type { z } from 'zod';
import { didYouMean } from '../nearest.ts';
import type { AppEnv } from './context.ts';
import { placeOfNul } from './nul.ts';
import { HttpProblem, type ProblemItem } from './problem.ts';

export type Shape = z.ZodObject;

/** Refuses what does not fit the schema, naming each place and what is wrong there. */
export function validated(
  target: 'param' | 'query' | 'json',
  schema: Shape,
): MiddlewareHandler<AppEnv> {
  const pointerTo = (path: readonly PropertyKey[]) =>
    target === 'json' ? `/${path.join('/')}` : path.join('.');
  return zValidator(
    target,
    schema,
    (result) => {
      if (!result.success) {
        const known = Object.keys(schema.shape);
        const errors = result.error.issues.flatMap((issue) =>
          issue.code === 'unrecognized_keys' && target === 'query'
            ? issue.keys.map((name) => unknownParameter(name, known))
            : [{ pointer: pointerTo(issue.path), code: issue.code, message: issue.message }],
        );
        throw new HttpProblem('invalid_parameter', { errors });
      }
      const place = placeOfNul(result.data);
      if (place === null) return;
      const message = 'The character U+0000 cannot be stored.';
      const errors = [{ pointer: pointerTo(place), code: 'invalid_character', message }];
      throw new HttpProblem('invalid_parameter', { errors });
    },
    // None of our schemas waits for anything.
    { validationFunction: (each, value) => each.safeParse(value) },
  );
}

function unknownParameter(name: string, known: readonly string[]): ProblemItem {
  const all = known.length === 0 ? 'It takes none.' : `It takes ${known.join(', ')}.`;
  const message = `There is no such parameter here. ${didYouMean(name, known)}${all}`;
  return { pointer: name, code: 'unknown_parameter', message };
}
