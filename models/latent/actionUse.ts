/**
 * Whether a predictor uses the actions at all: its error on a batch of windows with the actions that were taken, and with
 * those of other windows. Where the two are alike it predicts what happens anyway, however low its loss is, and nobody
 * can plan with it (after the shuffled-action line of lightly's LeWorldModel tutorial).
 */
import type { LossProgram } from '../tensor/lossProgram.ts';
import { float32, type HostTensor, type HostTensors } from '../tensor/program.ts';
import type { TrainState } from '../tensor/trainStep.ts';

/** The term of a loss that is the error of predictions, with either actions. */
export interface ActionUse {
  readonly trueActions: number;
  readonly shuffledActions: number;
}

/** Measures it on a batch with `actions` `[windows, horizon, action]`. */
export async function actionUse(
  loss: LossProgram,
  term: string,
  state: Pick<TrainState, 'parameters' | 'buffers'>,
  batch: HostTensors,
): Promise<ActionUse> {
  const { [term]: trueActions } = await loss.run(state, batch);
  const { [term]: shuffledActions } = await loss.run(state, withOthersActions(batch));
  return { trueActions: trueActions as number, shuffledActions: shuffledActions as number };
}

/** The same windows, each with the actions of the one before it. */
export function withOthersActions(batch: HostTensors): HostTensors {
  const { data, shape } = batch.actions as HostTensor;
  const values = data as Float32Array;
  const size = values.length / (shape[0] as number);
  const moved = new Float32Array(values.length);
  moved.set(values.subarray(0, -size), size);
  moved.set(values.subarray(-size), 0);
  return { ...batch, actions: float32(moved, shape) };
}
