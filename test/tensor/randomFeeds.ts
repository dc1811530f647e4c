/** Random feeds for any signature, and the distance between two answers. */
import { float32, type HostTensor, type HostTensors, type Signature, sizeOf } from '../../models/tensor/program.ts';
import type { Random } from '../../shared/random.ts';

/** Largest difference as a fraction of the largest finite magnitude, which counts as 1e-3 at least. */
export function relativeError(actual: HostTensor, expected: HostTensor): number {
  let difference = 0;
  let magnitude = 1e-3;
  for (let i = 0; i < expected.data.length; i++) {
    const [a, b] = [actual.data[i] as number, expected.data[i] as number];
    if (Number.isNaN(a) !== Number.isNaN(b)) return Number.POSITIVE_INFINITY;
    if (Number.isFinite(b)) magnitude = Math.max(magnitude, Math.abs(b));
    if (Number.isNaN(a) || a === b) continue;
    difference = Math.max(difference, Math.abs(a - b));
  }
  return difference / magnitude;
}

/** Random values for every input of a signature: normal floats, small integers, coin flips. */
export function randomFeeds(signature: Signature, random: Random): HostTensors {
  return Object.fromEntries(
    Object.entries(signature).map(([name, spec]): [string, HostTensor] => [
      name,
      randomTensor(spec, random.fork(name)),
    ]),
  );
}

function randomTensor({ shape, dtype = 'float32' }: Signature[string], random: Random): HostTensor {
  const size = sizeOf(shape);
  if (dtype === 'float32') return float32(random.normals(size), shape);
  if (dtype === 'int32') return { shape, dtype, data: Int32Array.from({ length: size }, () => random.integer(9) - 4) };
  return { shape, dtype, data: Uint8Array.from({ length: size }, () => Number(random.chance(0.5))) };
}
