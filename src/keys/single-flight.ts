/** One at a time of what several requests of an isolate want at once; the others wait for its result. */
export interface SingleFlight<T> {
  share(key: string, work: () => Promise<T>): Promise<T>;
}

export interface FlightOptions {
  wait(ms: number): Promise<unknown>;
  /** Lets work go on whose request has ended: others wait for it. */
  keepAlive(work: Promise<unknown>): void;
}

/** Whoever works for longer was cut off with its request, and will never tell. */
const MAX_WAIT_MS = 20_000;

/** The work that is under way in an isolate. */
export type Flights<T> = Map<string, Promise<T>>;

/** For one request. @param flights shared by the requests of the isolate */
export const openSingleFlight = <T>(
  flights: Flights<T>,
  { wait, keepAlive }: FlightOptions,
): SingleFlight<T> => ({
  async share(key, work) {
    const underWay = flights.get(key);
    if (underWay !== undefined) {
      const outcome = await Promise.race([
        underWay.then((value) => ({ value })),
        wait(MAX_WAIT_MS).then(() => null),
      ]);
      if (outcome !== null) return outcome.value;
    }
    const flight = work().finally(() => {
      if (flights.get(key) === flight) flights.delete(key);
    });
    flights.set(key, flight);
    keepAlive(flight.catch(() => {}));
    return flight;
  },
});
