/**
 * What is evaluated: something that is shown a task and then asked for one action after another. The agent sees frames
 * only; the rows it is compared with may see more, and say so.
 */
import type { Frame } from '../../shared/frame.ts';
import type { Action } from '../../shared/space.ts';
import type { World } from '../../shared/world.ts';
import type { EvaluationTask } from './evaluate.ts';

/** A task as it is set: the goal is known as a state and as the frame that shows it. */
export interface SetTask {
  readonly task: EvaluationTask;
  readonly goalFrame: Frame;
}

export interface Controller {
  /** A new episode begins. */
  begin(set: SetTask): void | Promise<void>;
  /** The next action; `world` stands where the episode is and must be left there. */
  act(world: World): Action | Promise<Action>;
  /** Milliseconds of each plan made so far; empty for controllers that do not plan. */
  readonly planMs: readonly number[];
}
