import { distance } from 'fastest-levenshtein';

/** Longer names are no slips of the hand, and comparing costs their lengths' product. */
const MAX_CHARACTERS = 64;
const MOST = 3;

/** The words that a person may have meant, nearest first: those that a slip of every third letter leads to. Pure. */
export function nearest(word: string, words: Iterable<string>): string[] {
  const written = word.slice(0, MAX_CHARACTERS).toLowerCase();
  const farthest = Math.max(2, Math.ceil(written.length / 3));
  return [...new Set(words)]
    .map((each) => ({ each, away: distanceTo(written, each.toLowerCase()) }))
    .filter(({ away }) => away <= farthest)
    .sort((a, b) => a.away - b.away || a.each.localeCompare(b.each))
    .slice(0, MOST)
    .map(({ each }) => each);
}

/** Whose name begins with what was written is as near as one letter. */
const distanceTo = (written: string, word: string): number =>
  written.length > 2 && word.startsWith(written) ? 1 : distance(written, word);

/** `Did you mean steps or stand_time?`, or nothing where no word is near. */
export function didYouMean(word: string, words: Iterable<string>): string {
  const found = nearest(word, words);
  return found.length === 0 ? '' : `Did you mean ${found.join(' or ')}? `;
}
