/** Lets a test take a server away and give it back. */
export interface Switch {
  readonly isOff: boolean;
  pause(): void;
  resume(): void;
}

export function createSwitch(): Switch {
  let isOff = false;
  return {
    get isOff() {
      return isOff;
    },
    pause: () => {
      isOff = true;
    },
    resume: () => {
      isOff = false;
    },
  };
}
