/** What a model understands, as tables for a terminal. */
import type { Understanding } from '../../evaluation/understanding.ts';
import { table } from '../output.ts';

/** Four tables and a line, with a heading each. */
export function describeUnderstanding(understanding: Understanding): string {
  const { probes, predictionError, validPrediction, surprise, hiddenFactors } = understanding;
  const number = (value: number | null | undefined): string => (value == null ? '-' : value.toFixed(3));
  const { linear, mlp, predictedSteps, ceiling } = probes;
  const probed = Object.keys(linear.encoded).map((name) => [
    name,
    ...[linear.encoded, mlp.encoded, ceiling, linear.predicted, mlp.predicted].map((scores) => number(scores[name])),
  ]);
  const errors = predictionError.trueActions.map((value, t) => [
    String(t + 1),
    ...[value, predictionError.shuffledActions[t], predictionError.copyFirst[t]].map(number),
  ]);
  const events = Object.entries(surprise).map(([kind, { auc, events: count }]) => [kind, number(auc), String(count)]);
  const hidden = Object.entries(hiddenFactors).map(([name, score]) => [name, number(score)]);
  return [
    `R² of probes on encoded latents and on latents predicted ${predictedSteps} steps ahead`,
    table([['quantity', 'linear', 'mlp', 'two exact frames', 'linear, predicted', 'mlp, predicted'], ...probed]),
    'prediction error / latent variance',
    table([['steps ahead', 'true actions', 'shuffled actions', 'copy first'], ...errors]),
    `valid prediction time: ${validPrediction.steps.toFixed(1)} steps (${validPrediction.seconds.toFixed(2)} s), looked at up to ${validPrediction.horizon}`,
    'surprise at impossible events: area under the ROC curve against ordinary motion',
    table([['event', 'auc', 'events'], ...events]),
    ...(hidden.length > 0
      ? ['R² of hidden factors, inferred from interaction', table([['factor', 'R²'], ...hidden])]
      : []),
  ].join('\n\n');
}
