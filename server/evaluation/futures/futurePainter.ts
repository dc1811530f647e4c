/**
 * A renderer of the open future: given the latent of the present, it paints what may be seen some steps later. The
 * networks, methods and losses are the renderer's own; only the pairs differ, and what the latent does not say is left
 * to the noise. Each network starts as the agent's one for the present, which knows how things look, and has to unlearn
 * where they are.
 */
import { withEveryStep } from '../../../models/diffusion/network/studentSteps.ts';
import { networkPlans, type RendererNetwork } from '../../../models/diffusion/networks.ts';
import type { RendererWeights } from '../../../models/diffusion/rendererWeights.ts';
import type { Engine, HostTensors } from '../../../models/tensor/program.ts';
import type { Clock } from '../../../shared/clock.ts';
import { Random } from '../../../shared/random.ts';
import { type RendererData, RendererExamples } from '../../training/rendererExamples.ts';
import { runRendererStage } from '../../training/rendererStage.ts';

export interface FuturePainterTraining {
  readonly engine: Engine;
  /** The agent's renderer. */
  readonly present: RendererWeights;
  /** Latents of the present, frames of the future. */
  readonly data: RendererData;
  readonly minutes: number;
  readonly seed: number;
  readonly clock: Clock;
  readonly onProgress?: (stage: string, share: number, terms: Readonly<Record<string, number>>) => void;
  readonly interrupted?: AbortSignal;
}

/** Shares of the time. Diffusion, which teaches the student, has most. */
const shares: Readonly<Record<RendererNetwork, number>> = { regression: 0.2, base: 0.6, student: 0.2 };

const LATENT_NOISE = 0.02;

/** Trains the three networks. @throws TrainingError when a loss is not finite */
export async function trainFuturePainter(training: FuturePainterTraining): Promise<RendererWeights> {
  const { engine, present, data, minutes, seed, clock, onProgress, interrupted } = training;
  const examples = new RendererExamples(data, present.backdrop, LATENT_NOISE);
  const random = new Random(seed).fork('future painter');
  const train = async (name: RendererNetwork, parameters: HostTensors, teacher: HostTensors): Promise<HostTensors> => {
    const plan = networkPlans[name];
    const { average } = await runRendererStage({
      engine,
      clock,
      denoiser: present.config,
      examples,
      config: plan.stage,
      budget: shares[name] * minutes * 60_000,
      parameters: withEveryStep(parameters),
      method: plan.method(teacher),
      random: random.fork(name),
      ...(interrupted && { interrupted }),
      onProgress: ({ progress, terms }) => onProgress?.(name, progress, terms),
    });
    return average;
  };
  const regression = await train('regression', present.networks.regression, {});
  const base = await train('base', present.networks.base, {});
  const student = await train('student', base, base);
  return { ...present, networks: { regression, base, student } };
}
