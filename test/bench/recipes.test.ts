/** The bench of recipes: the same start and examples for each, and nothing of the agent changed. */
import { afterAll, describe, expect, it } from 'vitest';
import { renderMethods } from '../../models/diffusion/methods.ts';
import type { RendererWeights } from '../../models/diffusion/rendererWeights.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { RECIPES } from '../../server/bench/recipeNames.ts';
import { recipes, trainRecipe } from '../../server/bench/recipes.ts';
import { RendererExamples } from '../../server/training/rendererExamples.ts';
import { ManualClock } from '../../shared/clock.ts';
import { FRAME_BYTES } from '../../shared/frame.ts';
import { discData } from '../diffusion/discScene.ts';
import { randomNetwork } from '../diffusion/randomNetwork.ts';

const engine = createCpuEngine({ threads: 1 });
afterAll(() => engine.dispose());

const config = { latentSize: 2, points: 1, channels: [8, 8], embedding: 8 } as const;
const network = randomNetwork(config, 1);
const renderer: RendererWeights = {
  config,
  backdrop: new Uint8Array(FRAME_BYTES).fill(0xf0),
  networks: { regression: network, base: network, student: network },
};

/** A recipe of so many steps, each of which takes 7 ms. */
async function teach(name: (typeof RECIPES)[number], steps: number) {
  const clock = new ManualClock();
  const trained: string[] = [];
  const taught = await trainRecipe(
    {
      engine,
      clock,
      renderer,
      examples: new RendererExamples(discData(20, 1), renderer.backdrop, 0),
      steps,
      seed: 1,
      interrupted: new AbortController().signal,
      onProgress: (label) => {
        trained.push(label);
        clock.advance(7);
      },
    },
    name,
  );
  return { ...taught, trained };
}

describe('a recipe', () => {
  it('trains its network for the steps that it is given, and no other', async () => {
    const first = await teach('mct-published', 3);
    expect(first.trained).toEqual(['mct-published', 'mct-published', 'mct-published']);
    expect(first.msPerStep).toBe(7);
    expect(first.weights.networks).toMatchObject(renderer.networks);
    expect(first.weights.networks.mct).toBeDefined();
    const ours = await teach('mct', 3);
    expect(ours.weights.networks.mct).not.toEqual(first.weights.networks.mct);
  }, 120_000);

  it('of several networks divides the steps, each network taught by the one before', async () => {
    const { weights, trained } = await teach('progressive', 5);
    const names = renderMethods.progressive.networks;
    expect(trained).toEqual(names);
    for (const [i, name] of names.entries())
      expect(weights.networks[name]).not.toEqual(weights.networks[names[i - 1] ?? 'base']);
  }, 120_000);

  it('is of a method that has one network, where it says how that is trained', () => {
    for (const name of RECIPES) {
      const { method, training } = recipes[name];
      if (training) expect(renderMethods[method].networks).toHaveLength(1);
    }
  });
});
