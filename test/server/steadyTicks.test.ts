import { map, take, tap, toArray, VirtualTimeScheduler } from 'rxjs';
import { expect, test } from 'vitest';
import { steadyTicks } from '../../server/live/steadyTicks.ts';

/** When ticks come, on a machine where handling tick `slow` takes `delay` ms; less than none where its clock is set back. */
function times(periodMs: number, count: number, slow = -1, delay = 0): number[] {
  const scheduler = new VirtualTimeScheduler();
  let seen: number[] = [];
  steadyTicks(periodMs, scheduler)
    .pipe(
      map((index) => ({ index, at: scheduler.now() })),
      tap(({ index }) => {
        if (index === slow) scheduler.frame += delay;
      }),
      map(({ at }) => at),
      take(count),
      toArray(),
    )
    .subscribe((all) => {
      seen = all;
    });
  scheduler.flush();
  return seen;
}

test('ticks come once a period, the first after one', () => {
  expect(times(40, 4)).toEqual([40, 80, 120, 160]);
});

test('a late tick does not delay the ones after it', () => {
  expect(times(40, 4, 1, 25)).toEqual([40, 80, 120, 160]);
});

test('ticks missed altogether are not made up', () => {
  expect(times(40, 4, 1, 100)).toEqual([40, 80, 220, 260]);
});

test('ticks go on from where the clock is set back to', () => {
  expect(times(40, 4, 1, -1000)).toEqual([40, 80, -880, -840]);
});

test('ticks end with the subscription', () => {
  const scheduler = new VirtualTimeScheduler();
  let count = 0;
  const subscription = steadyTicks(10, scheduler).subscribe(() => {
    count++;
    if (count === 3) subscription.unsubscribe();
  });
  scheduler.flush();
  expect(count).toBe(3);
});
