/**
 * How an agent's renderer is to paint, beyond the steps and the seed of each call: by which method, guided by which weight,
 * and whether each frame is told those before it. What the renderer was not trained for is refused when the agent is
 * opened, before anything waits for a frame.
 */
import { checkContext, type RolloutContext } from '../../models/diffusion/contextFeeds.ts';
import type { RenderMethod } from '../../models/diffusion/methodNames.ts';
import { checkGuidance, checkMethod } from '../../models/diffusion/methods.ts';
import type { RendererWeights } from '../../models/diffusion/rendererWeights.ts';
import type { Frame } from '../../shared/frame.ts';

export interface ConditionOptions {
  /** Weight of the latent against none; 1, which is no guidance, unless told. */
  readonly guidance?: number;
  /** Noise on the frames before, as a time from 0 to below 1, where frames are told them; they are not unless told. */
  readonly contextNoise?: number;
}

export interface PaintingOptions extends ConditionOptions {
  /** The multistep consistency student unless told. */
  readonly method?: RenderMethod;
}

/** @throws UsageError when the renderer has not learned the method, cannot be guided so, or sees no frames before */
export function checkPainting(
  { method = 'mcm', ...conditions }: PaintingOptions,
  { config, networks }: Pick<RendererWeights, 'config' | 'networks'>,
): void {
  checkMethod(method, networks);
  checkGuidance(method, conditions.guidance ?? 1, networks);
  const { context } = conditionsFor(conditions, []);
  if (context) checkContext(config, context);
}

/** What a call of the renderer is given of them, and of the frames before its first. */
export function conditionsFor(
  { guidance, contextNoise }: ConditionOptions,
  before: readonly Frame[],
): { readonly guidance?: number; readonly context?: RolloutContext } {
  return {
    ...(guidance !== undefined && { guidance }),
    ...(contextNoise !== undefined && { context: { before, time: contextNoise } }),
  };
}

/** Those of the options that are given. */
export function givenPainting({ method, ...conditions }: PaintingOptions): PaintingOptions {
  return { ...(method !== undefined && { method }), ...givenConditions(conditions) };
}

/** The same without the method. */
export function givenConditions({ guidance, contextNoise }: ConditionOptions): ConditionOptions {
  return {
    ...(guidance !== undefined && { guidance }),
    ...(contextNoise !== undefined && { contextNoise }),
  };
}
