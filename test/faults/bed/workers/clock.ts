/** Shifts what this isolate takes for the present. `Date` itself stays what it is, so `instanceof` holds. */

const TrueDate = Date;
let skew = 0;

/** @param ms positive: the Worker is ahead. Timers are left alone. */
export function setClock(ms: number): void {
  skew = ms;
  if (globalThis.Date === TrueDate && ms !== 0) globalThis.Date = skewed;
}

const now = (): number => TrueDate.now() + skew;

const skewed = new Proxy(TrueDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
  apply: () => new TrueDate(now()).toString(),
  get: (target, name, receiver) =>
    name === 'now' ? now : (Reflect.get(target, name, receiver) as unknown),
});
