/** Makes a thing at the first call, and gives the same one afterwards. */
export function once<T>(make: () => T): () => T {
  let made: { it: T } | null = null;
  return () => {
    made ??= { it: make() };
    return made.it;
  };
}
