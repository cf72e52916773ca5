import { z } from 'zod';
import { type Box, faultOfBox } from '../read/place.ts';

/** `a,b,…` as numbers; `null` if it is anything else. */
function numbersIn(text: string, count: number): number[] | null {
  const parts = text.split(',').map((part) => part.trim());
  const numbers = parts.map(Number);
  const isComplete = parts.length === count && parts.every((part) => part !== '');
  return isComplete && numbers.every(Number.isFinite) ? numbers : null;
}

/** `west,south,east,north` in degrees. */
export const box = z
  .string()
  .max(200)
  .transform((text, context): Box => {
    const numbers = numbersIn(text, 4);
    const [west = 0, south = 0, east = 0, north = 0] = numbers ?? [];
    const read = { west, south, east, north };
    const fault = numbers === null ? 'Four numbers: west,south,east,north.' : faultOfBox(read);
    if (fault !== null) context.addIssue({ code: 'custom', message: fault });
    return read;
  })
  .meta({ example: '16.3,48.1,16.5,48.3' });

const MOST_EAST = 180;
const MOST_NORTH = 90;

/** `latitude,longitude` in degrees. */
export const point = z
  .string()
  .max(100)
  .transform((text, context) => {
    const numbers = numbersIn(text, 2);
    const [latitude = 0, longitude = 0] = numbers ?? [];
    const isPlace = Math.abs(latitude) <= MOST_NORTH && Math.abs(longitude) <= MOST_EAST;
    if (numbers === null || !isPlace) {
      const message = 'Two numbers: latitude (-90 to 90), longitude (-180 to 180).';
      context.addIssue({ code: 'custom', message });
    }
    return { latitude, longitude };
  })
  .meta({ example: '48.2082,16.3738' });

/** Metres. */
export const within = z.coerce.number().positive().max(100_000).default(500);
