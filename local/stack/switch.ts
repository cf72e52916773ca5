/** Lets a test take a server away and give it back. */
export interface Switch {
  readonly isOff: boolean;
  /** The way of being away that was asked for, where there are several. */
  readonly way: string | null;
  pause(way?: string): void;
  resume(): void;
}

export function createSwitch(): Switch {
  let isOff = false;
  let chosen: string | null = null;
  return {
    get isOff() {
      return isOff;
    },
    get way() {
      return chosen;
    },
    pause: (way) => {
      isOff = true;
      chosen = way ?? null;
    },
    resume: () => {
      isOff = false;
    },
  };
}
