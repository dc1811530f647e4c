/**
 * The one clock of a live session: ticks at a steady rate. Each is due a whole number of periods after the first, so
 * that timers that fire late do not add up; a tick missed by more than a period is left out rather than made up,
 * because physics that hurries is not what happened. Where the system's clock is set, on or back, they go on from there.
 */
import {
  asyncScheduler,
  combineLatest,
  NEVER,
  Observable,
  type SchedulerAction,
  type SchedulerLike,
  switchMap,
} from 'rxjs';

/** Emits 0, 1, 2, … every `periodMs` milliseconds, the first after one period. */
export function steadyTicks(periodMs: number, scheduler: SchedulerLike = asyncScheduler): Observable<number> {
  return new Observable((subscriber) => {
    let due = scheduler.now() + periodMs;
    let index = 0;
    return scheduler.schedule(function (this: SchedulerAction<void>) {
      subscriber.next(index++);
      const now = scheduler.now();
      due = (Math.abs(now - due) < periodMs ? due : now) + periodMs;
      this.schedule(undefined, due - now);
    }, periodMs);
  });
}

/** Such ticks while nobody holds the clock and the period is finite. */
export function ticksUnlessHeld(
  held: Observable<boolean>,
  periodMs: Observable<number>,
  scheduler?: SchedulerLike,
): Observable<number> {
  return combineLatest([held, periodMs]).pipe(
    switchMap(([stopped, period]) => (stopped || !Number.isFinite(period) ? NEVER : steadyTicks(period, scheduler))),
  );
}
