/**
 * Exponential moving averages of parameters, for evaluation. The decay warms up as min(d, (1 + i) / (10 + i)), so
 * that the average of a young run is not held back by its random start.
 */
import type { HostTensor, HostTensors } from './program.ts';

/**
 * The average after step `step`, counted from 0.
 * @param previous the average so far, or undefined before the first step, when it is the parameters themselves
 */
export function emaOf(
  parameters: HostTensors,
  previous: HostTensors | undefined,
  decay: number,
  step: number,
): HostTensors {
  if (!previous) return parameters;
  const kept = Math.min(decay, (1 + step) / (10 + step));
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [name, mixed(parameter, previous[name] ?? parameter, kept)]),
  );
}

function mixed(parameter: HostTensor, average: HostTensor, kept: number): HostTensor {
  const data = new Float32Array(parameter.data.length);
  for (let i = 0; i < data.length; i++)
    data[i] = kept * (average.data[i] as number) + (1 - kept) * (parameter.data[i] as number);
  return { ...parameter, data };
}
