import { type DenoiserConfig, denoiserSpecs } from '../../models/diffusion/network/denoiser.ts';
import { float32, type HostTensors, sizeOf } from '../../models/tensor/program.ts';
import { Random } from '../../shared/random.ts';

/** Weights that use every path of a denoiser: none is zero, as freshly initialised modulations would be. */
export function randomNetwork(config: DenoiserConfig, seed: number): HostTensors {
  const random = new Random(seed);
  return Object.fromEntries(
    Object.entries(denoiserSpecs(config)).map(([name, { shape }]) => {
      const fanIn = sizeOf(shape.slice(0, -1));
      const values = random.normals(sizeOf(shape)).map((value) => value / Math.sqrt(fanIn));
      return [name, float32(values, shape)];
    }),
  );
}
