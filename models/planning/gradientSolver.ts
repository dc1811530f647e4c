/**
 * Gradient descent on the actions, through the model (as the gradient planners of DINO-WM, Zhou et al. 2024, §4, and
 * PLDM): costs and their derivatives come from one compiled graph, and a few starts descend side by side, the warm
 * start among them, because one alone stays in whatever valley it begins in. Adam (Kingma & Ba 2015) makes the steps in
 * search units, projected into the box; the best sequence that was seen is the plan.
 */
import { UsageError } from '../../shared/errors.ts';
import { ColouredNoise } from './colouredNoise.ts';
import type { Plan, PlanRequest, Solver } from './contracts.ts';
import { elitesOf } from './elites.ts';
import { drawCandidates, firstGaussian } from './gaussian.ts';
import { Pace } from './pace.ts';
import { slopesOf } from './scoring.ts';
import { clipped, toActions } from './searchUnits.ts';
import { takeUp } from './takeUp.ts';

export interface GradientConfig {
  /** Sequences that descend side by side. */
  readonly candidates: number;
  readonly iterations: number;
  /** Steps of a plan. */
  readonly horizon: number;
  /** Step size of Adam, in search units. */
  readonly stepSize: number;
  /** Deviation of the random starts about the warm one. */
  readonly initialDeviation: number;
  /** β of the starts' power f^−β. */
  readonly noiseExponent: number;
}

export const defaultGradientConfig: GradientConfig = {
  candidates: 16,
  iterations: 10,
  horizon: 8,
  stepSize: 0.15,
  initialDeviation: 0.7,
  noiseExponent: 2,
};

/** Gradient descent; it needs a box, and dynamics and a cost that can be differentiated. */
export function createGradientSolver(config: GradientConfig = defaultGradientConfig): Solver {
  const noise = new ColouredNoise(config.horizon, config.noiseExponent);
  return { name: 'gradient', horizon: config.horizon, plan: (request) => planByGradient(request, config, noise) };
}

async function planByGradient(request: PlanRequest, config: GradientConfig, noise: ColouredNoise): Promise<Plan> {
  const { space, random, warmStart, proposals = [], deadline, observe } = request;
  if (space.kind === 'discrete')
    throw new UsageError('the solver "gradient" cannot choose among discrete actions; choose cem, icem or mppi');
  const { candidates, horizon } = config;
  const width = space.low.length;
  const start = firstGaussian(warmStart, space, config);
  const size = start.mean.length;
  const samples = new Float32Array(candidates * size);
  drawCandidates(samples, start, candidates, noise, random);
  takeUp(samples, start.mean, proposals, space);
  const adam = new Adam(samples.length, config.stepSize);
  let best = { actions: toActions(start.mean, space), cost: Number.POSITIVE_INFINITY };
  const pace = new Pace(config.iterations, deadline);

  for (let index = 0; pace.goesOn(); index++) {
    const actions = toActions(samples, space);
    const { costs, gradients } = await slopesOf(request, actions, candidates, horizon);
    const elites = elitesOf(costs, candidates);
    observe?.({ index, actions, costs, elites });
    const [lowest = 0] = elites;
    const cost = costs[lowest] as number;
    if (cost < best.cost) best = { actions: actions.slice(lowest * size, (lowest + 1) * size), cost };
    // By search units, in which the box is 2 wide.
    const slopes = gradients.map((value, i) => {
      const axis = i % width;
      return (value * ((space.high[axis] as number) - (space.low[axis] as number))) / 2;
    });
    adam.descend(samples, slopes);
  }
  return { horizon, ...best };
}

/** Adam without a schedule; a slope that is not a number moves nothing. */
class Adam {
  private readonly stepSize: number;
  private readonly means: Float64Array;
  private readonly squares: Float64Array;
  private steps = 0;

  constructor(size: number, stepSize: number) {
    this.stepSize = stepSize;
    this.means = new Float64Array(size);
    this.squares = new Float64Array(size);
  }

  descend(samples: Float32Array, slopes: Float32Array): void {
    this.steps++;
    const [b1, b2] = [0.9, 0.99];
    slopes.forEach((value, i) => {
      const slope = Number.isFinite(value) ? value : 0;
      const mean = b1 * (this.means[i] as number) + (1 - b1) * slope;
      const square = b2 * (this.squares[i] as number) + (1 - b2) * slope * slope;
      this.means[i] = mean;
      this.squares[i] = square;
      const step = mean / (1 - b1 ** this.steps) / (Math.sqrt(square / (1 - b2 ** this.steps)) + 1e-12);
      samples[i] = clipped((samples[i] as number) - this.stepSize * step);
    });
  }
}
