/**
 * What the panel of several futures says and when it shows which step: pure functions of the page's state and of time.
 * Where there is nothing to show it says why, and what brings it.
 */
import { drivenWorld, driverDoes, type Hands } from '../attend.ts';
import type { PageState } from '../pageState.ts';
import type { Futures } from '../readFutures.ts';

/** Futures that the key asks for where there are none. */
const KEY_FUTURES = 4;

/** Steps for which the last one stays in view before the futures begin again. */
const REST_STEPS = 4;

/** The step of the films to show, from 0, after they have played for a while. */
export function playedStep(elapsedMs: number, stepMs: number, horizon: number): number {
  const step = Math.floor(elapsedMs / stepMs) % (horizon + REST_STEPS);
  return Math.min(step, horizon - 1);
}

/** Why no futures are shown; nothing where they are. */
export function whyNone(
  state: Hands & Pick<PageState, 'settings' | 'phase'>,
  futures: Futures | undefined,
): string | undefined {
  const { settings, phase } = state;
  if (phase === 'failed') return 'The session has stopped, so that nothing is imagined.';
  if (settings === undefined) return 'Nothing to imagine yet.';
  if ((settings.futures ?? 0) === 0) return 'Off. Choose how many futures to imagine for every plan.';
  const driven = drivenWorld(state);
  if (driven !== undefined) {
    const does =
      driven === 'truth' ? `${driverDoes(state, 'have')} the controls` : `${driverDoes(state, 'drive')} the dream`;
    return `While ${does} the agent makes no plan that could be varied.`;
  }
  return futures === undefined ? 'They come with the next plan.' : undefined;
}

/** The spread at the last step in words. */
export function describeSpread({ spread, horizon, pairs }: Futures): string {
  if (pairs.length < 2) return 'One future alone does not come apart.';
  const [truth, dream] = [spread.truths.at(-1), spread.dreams.at(-1)].map((value) => value ?? undefined);
  if (truth === undefined && dream === undefined) return 'Where the futures lead cannot be read from their pictures.';
  const said = (value: number | undefined) =>
    value === undefined ? 'an unreadable distance' : `${value.toFixed(1)} pixels`;
  return `After ${horizon} steps, imagined futures are ${said(dream)} apart, true ones ${said(truth)}.`;
}

/** How many sets never came. */
export function describeDropped(dropped: number): string {
  if (dropped === 0) return '';
  return dropped === 1 ? '1 set came too late.' : `${dropped} sets came too late.`;
}

/** The number of futures that the key asks for: none where there are some. */
export function toggledFutures(futures: number | undefined): number {
  return (futures ?? 0) > 0 ? 0 : KEY_FUTURES;
}
