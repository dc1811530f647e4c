/**
 * What the page makes of the others who watch its session: who has the controls, and whose frame budget chooses the
 * renderer steps. Both are as the server says, unless it has not heard yet what was asked here (`known`).
 */
import type { ServerMessageOf } from '../shared/protocol/control.ts';
import type { PageState } from './pageState.ts';

/** A viewer who asks for the controls has them until the server says otherwise. */
export function attend(
  state: PageState,
  { type: _audience, ...audience }: ServerMessageOf<'audience'>,
  known: boolean,
): PageState {
  const told = { ...state, audience };
  const lost = handsOfOther(told) || (audience.hands === undefined && known);
  const left = lost ? { ...told, driving: undefined } : told;
  return state.audience.auto !== undefined && known ? endAuto(left) : left;
}

/** Whether another viewer has the controls. */
export function handsOfOther({ audience: { hands }, viewer }: PageState): boolean {
  return hands !== undefined && hands.viewer !== viewer;
}

/** Auto mode ends where no budget counts any more: somebody has chosen the renderer steps by hand. */
export function endAuto(state: PageState): PageState {
  const { budget, audience } = state;
  return budget.auto && audience.auto === undefined ? { ...state, budget: { ...budget, auto: false } } : state;
}
