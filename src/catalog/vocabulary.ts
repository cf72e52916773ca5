/** The canonical word that a text of the app means, or `null`. */
export type Vocabulary = (text: string) => string | null;

const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();

/** @throws if one spelling stands for two words. */
export function vocabulary(words: Readonly<Record<string, readonly string[]>>): Vocabulary {
  const known = new Map<string, string>();
  for (const [word, spellings] of Object.entries(words)) {
    for (const spelling of [word, ...spellings].map(plain)) {
      const other = known.get(spelling);
      if (other !== undefined && other !== word) throw new Error(`${spelling}: ${other}, ${word}`);
      known.set(spelling, word);
    }
  }
  return (text) => known.get(plain(text)) ?? null;
}
