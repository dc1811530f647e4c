/**
 * The probability flow by Dormand and Prince's method of order 5 (1980) in steps of the grid, on VE's scale: with
 * y = z / α and ℓ the logarithm of the noise σ / α, the flow is dy/dℓ = y − x̂ for every process. Six calls a step. Where
 * steps should adapt to an error instead, `adaptiveFlow.ts` has the same tableau with the error that comes with it.
 */
import type { Process } from '../processes/process.ts';
import { STAGES, TABLEAU, TIMES } from './adaptiveFlow.ts';
import { intervals, type Sampler, startOf } from './sampler.ts';
import { karrasTimes, timeOfNoise } from './timeGrids.ts';

export const dormandPrince: Sampler = {
  name: 'rk45',
  calls: (steps) => STAGES * (steps - 1) + 1,
  noises: () => 1,
  times: karrasTimes,
  sample(sampling) {
    const { process, denoise, blend, times } = sampling;
    type Picture = ReturnType<typeof denoise>;
    const slope = (y: Picture, time: number): Picture =>
      blend([
        [1, y],
        [-1, denoise(blend([[process.alpha(time), y]]), time)],
      ]);
    let y = blend([[1 / process.alpha(times[0] as number), startOf(sampling)]]);
    for (const { from, to } of intervals(times)) {
      if (to === 0) return denoise(blend([[process.alpha(from), y]]), from);
      const [first, last] = [logNoise(process, from), logNoise(process, to)];
      const step = last - first;
      const slopes: Picture[] = [];
      for (let stage = 0; stage < STAGES; stage++) {
        const share = TIMES[stage] as number;
        // The ends are the grid's own times, to the bit.
        const time = share === 0 ? from : share === 1 ? to : timeOfNoise(process, Math.exp(first + share * step));
        slopes.push(slope(stage === 0 ? y : blend([[1, y], ...weighted(slopes, stage, step)]), time));
      }
      y = blend([[1, y], ...weighted(slopes, STAGES, step)]);
    }
    return blend([[process.alpha(times.at(-1) as number), y]]);
  },
};

/** The terms of a row of the tableau. */
function weighted<T>(slopes: readonly T[], row: number, step: number): [number, T][] {
  return (TABLEAU[row] as readonly number[]).map((weight, k) => [step * weight, slopes[k] as T]);
}

function logNoise(process: Process, time: number): number {
  return Math.log(process.sigma(time) / process.alpha(time));
}
