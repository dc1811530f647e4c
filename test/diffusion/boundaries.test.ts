/**
 * What a consistency model must be at the lower end of its times whatever its network says: the identity. Where a
 * formulation builds that in, any answer at all must leave the picture as it is; where ours does not, since the network
 * answers with x̂ and no skip, the training must put the picture there itself.
 */
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ddimStep } from '../../models/diffusion/cosine/ddim.ts';
import { timeOfLevel } from '../../models/diffusion/cosine/noiseLevels.ts';
import { NoisePool } from '../../models/diffusion/frameNoise.ts';
import { conditionOn, type DenoiserConfig, denoise, toPatches } from '../../models/diffusion/network/denoiser.ts';
import { preconditioning } from '../../models/diffusion/processes/edmPreconditioning.ts';
import { cleanFrom } from '../../models/diffusion/processes/parametrisation.ts';
import { defaultEasyTuningConfig, partnerOf } from '../../models/diffusion/training/easyConsistencyTuning.ts';
import { noisePairTraining, pseudoHuber } from '../../models/diffusion/training/noisePairTraining.ts';
import { constants } from '../../models/tensor/constants.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { RendererExamples } from '../../server/training/rendererExamples.ts';
import { FRAME_BYTES } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import { discData } from './discScene.ts';
import { combineNumbers } from './gaussianData.ts';
import { randomNetwork } from './randomNetwork.ts';

const engine = createCpuEngine({ threads: 1 });
afterAll(() => engine.dispose());

/** Without −0, which sums turn into 0. */
const number = fc.double({ min: -50, max: 50, noNaN: true }).map((value) => value + 0);

describe('the lower end of a consistency model', () => {
  it("is the identity for a segment's bottom, whatever the network answers", () => {
    const bottoms = [1, 2, 4, 8, 16].flatMap((n) => Array.from({ length: n }, (_, k) => k / n));
    fc.assert(
      fc.property(fc.constantFrom(...bottoms), number, number, (bottom, answer, noisy) => {
        expect(combineNumbers(ddimStep(bottom, bottom), answer, noisy)).toBe(noisy);
      }),
    );
  });

  it('is the identity for a velocity on the sphere of the cosine schedule (TrigFlow), whatever it is', () => {
    fc.assert(
      fc.property(number, number, (answer, noisy) => {
        expect(cleanFrom('velocity', answer, noisy, { alpha: 1, sigma: 0 })).toBe(noisy);
      }),
    );
  });

  it("is what EDM's scales come to without noise: all of the picture and none of the answer", () => {
    for (const sigma of [1e-3, 1e-6]) {
      const { skip, out } = preconditioning(sigma);
      expect(Math.abs(skip - 1)).toBeLessThan(5 * sigma ** 2);
      expect(out / sigma).toBeCloseTo(1, 4);
    }
  });

  it('is put there by the training where a pair ends at no noise: the target is the picture', async () => {
    expect(partnerOf(0.021, 0.99, defaultEasyTuningConfig)).toBe(0);
    const config: DenoiserConfig = { latentSize: 2, points: 1, channels: [8, 16], embedding: 16 };
    const network = randomNetwork(config, 4);
    const level = 3;
    const method = noisePairTraining(() => ({ level, next: 0, weight: 1 }));
    const [batch, random] = [2, new Random(1)];
    const examples = new RendererExamples(discData(8, 1), new Uint8Array(FRAME_BYTES).fill(240), 0);
    const inputs = {
      ...examples.draw(batch, 0, random),
      ...method.draw({ batch, progress: 0.5, random, noise: new NoisePool(random) }),
    };
    const signature = Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, { shape }]));
    const program = await engine.compile((given) => {
      const params = constants(network);
      const angle = (Math.PI / 2) * timeOfLevel(level);
      const clean = toPatches(given.pictures as tf.Tensor);
      const noisy = tf.add(tf.mul(clean, Math.cos(angle)), tf.mul(given.noise as tf.Tensor, Math.sin(angle)));
      const condition = conditionOn(params, given.latents as tf.Tensor);
      const answer = denoise(params, noisy, tf.fill([batch], timeOfLevel(level)), condition);
      const squares = tf.sum(tf.squaredDifference(answer, clean), [1, 2, 3]);
      const error = tf.mean(pseudoHuber(squares, 0.00054 * Math.sqrt(FRAME_BYTES)));
      return { loss: method.loss(params, given), error };
    }, signature);
    const { loss, error } = await program.run(inputs);
    expect(loss?.data[0]).toBeGreaterThan(0);
    expect((loss?.data[0] as number) / (error?.data[0] as number)).toBeCloseTo(1, 4);
  });
});
