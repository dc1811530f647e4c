/**
 * What the page makes of the others who watch its session: who has the controls, and whose frame budget chooses the
 * renderer steps. Both are as the server says, unless it has not heard yet what was asked here (`known`).
 */
import type { DrivenWorld, ServerMessageOf } from '../shared/protocol/control.ts';
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
export function handsOfOther({ audience: { hands }, viewer }: Pick<PageState, 'audience' | 'viewer'>): boolean {
  return hands !== undefined && hands.viewer !== viewer;
}

/** What tells who drives. */
export type Hands = Pick<PageState, 'driving' | 'audience' | 'viewer'>;

/** The world that a person drives, on this page or on another, if anybody does. */
export function drivenWorld(state: Hands): DrivenWorld | undefined {
  return state.driving ?? (handsOfOther(state) ? state.audience.hands?.world : undefined);
}

/** What whoever drives does, in words: `you drive`, `viewer 2 has`. */
export function driverDoes({ driving, audience }: Hands, verb: 'drive' | 'have'): string {
  if (driving !== undefined) return `you ${verb}`;
  return `viewer ${audience.hands?.viewer} ${verb === 'have' ? 'has' : 'drives'}`;
}

/** The same as a sentence begins. */
export function driverBegins(state: Hands, verb: 'drive' | 'have'): string {
  const words = driverDoes(state, verb);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Auto mode ends where no budget counts any more: somebody has chosen the renderer steps by hand. */
export function endAuto(state: PageState): PageState {
  const { budget, audience } = state;
  return budget.auto && audience.auto === undefined ? { ...state, budget: { ...budget, auto: false } } : state;
}
