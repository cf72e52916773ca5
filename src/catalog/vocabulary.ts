/** The words of a closed list, in the app's many ways of writing them. Pure. */

/** The canonical word that a text means, or `null`: then the text alone is kept. */
export type Vocabulary = (text: string) => string | null;

/**
 * @param words canonical word → other spellings. Case, blanks, dashes, underscores and the kind of apostrophe make no difference.
 * @throws if one spelling stands for two words.
 */
export function vocabulary(words: Readonly<Record<string, readonly string[]>>): Vocabulary {
  const known = new Map<string, string>();
  for (const [word, spellings] of Object.entries(words)) {
    // As they are too: most texts come just so, and need no cleaning.
    for (const spelling of [word, ...spellings].flatMap((each) => [each, plain(each)])) {
      const other = known.get(spelling);
      if (other !== undefined && other !== word) {
        throw new Error(`“${spelling}” cannot stand for both ${other} and ${word}.`);
      }
      known.set(spelling, word);
    }
  }
  return (text) => known.get(text) ?? known.get(plain(text)) ?? null;
}

const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replaceAll('’', "'")
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
