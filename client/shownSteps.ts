/**
 * What the page keeps of a step once its pictures are on the screen: that it stands there, how far the dream was off, and
 * whether the end that was known is still one.
 */
import type { PageState } from './pageState.ts';

/** The state once a step is on the screen; no difference where there is no dream to compare. */
export function showStep(state: PageState, envStep: number, difference: number | undefined): PageState {
  return { ...measure(forget(state, envStep), envStep, difference), envStep };
}

/** Where a replay has gone back, its end is still to come; a last step that is merely not drawn yet takes nothing back. */
function forget(state: PageState, envStep: number): PageState {
  const back = state.outcome !== undefined && envStep < state.envStep;
  return back ? { ...state, outcome: undefined } : state;
}

/** Keeps one measurement a step, in order of steps. */
function measure(state: PageState, envStep: number, difference: number | undefined): PageState {
  if (difference === undefined) return state;
  const earlier = state.measured.filter((measured) => measured.envStep < envStep);
  return { ...state, measured: [...earlier, { envStep, difference }] };
}
