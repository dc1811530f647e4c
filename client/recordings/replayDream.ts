/**
 * What the page says of the dream beside a replay: whose it is, that it is still to come, or why there is none. Pure
 * functions of the state, for the line above the stage, the empty pictures and the caption below the dream.
 */
import type { ServerMessageOf } from '../../shared/protocol/control.ts';
import type { PageState } from '../pageState.ts';

/** What is known of it. */
export type ReplayDream = NonNullable<ServerMessageOf<'replay'>['dream']>;

/** Whose dream is shown, or why none is. */
export function dreamLine({ replayDream: dream, episode }: Pick<PageState, 'replayDream' | 'episode'>): string {
  if (dream === undefined) return '';
  if (dream.state === 'loading') return 'What an agent foresees of it comes beside it once the agent has loaded.';
  if (dream.state === 'none') return `There is no dream beside it: ${dream.reason}`;
  const shown = 'of the actions that were taken, imagined anew';
  if (dream.agent === 'same') return `Beside it is what the agent that acted foresees ${shown}.`;
  if (dream.agent === 'other')
    return `Beside it is what another agent foresees ${shown}: its weights are not those with which the recording was made.`;
  const acted = episode?.recording?.actor;
  const unsure =
    acted === 'agent' || acted === 'human' ? 'the recording does not tell whether it acted' : 'it did not act';
  return `Beside it is what the agent of this server foresees ${shown}; ${unsure}.`;
}

/** What stands where no dream is to be seen. */
export function dreamWaiting({ replayDream: dream, envStep }: Pick<PageState, 'replayDream' | 'envStep'>): string {
  if (dream?.state === 'none') return 'There is no dream beside it';
  if (dream?.state !== 'shown') return 'The agent is loading';
  return envStep === 0 ? 'The dream begins with the next step' : 'The agent is imagining';
}

/** Below the dream: how long before it was imagined, by whom, where that is another agent, and how it was painted. */
export function replayCaption(state: PageState): string {
  const { replayDream: dream, plan, envStep, viewed } = state;
  if (dream?.state !== 'shown') return 'What the agent imagined then was not recorded.';
  const who = dream.agent === 'other' ? 'Imagined by another agent' : 'Imagined';
  const at = viewed ?? { envStep, planStep: plan?.envStep };
  const ahead = at.envStep - (at.planStep ?? at.envStep);
  const beyond = viewed === undefined && ahead > (plan?.horizon ?? 0);
  if (ahead < 1 || beyond) return `${who} from the actions that were taken.`;
  const when = `${who} ${ahead === 1 ? '1 step' : `${ahead} steps`} before, from the actions that were taken`;
  if (viewed !== undefined || plan === undefined) return `${when}.`;
  return `${when}, and painted in ${plan.rendererSteps === 1 ? '1 pass' : `${plan.rendererSteps} passes`}.`;
}
