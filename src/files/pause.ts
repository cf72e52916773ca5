/**
 * Lets others have the isolate. What works through a file does so every few hundred kilobytes: time cannot be asked,
 * since a Worker's clock stands still while it computes.
 */
export const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
