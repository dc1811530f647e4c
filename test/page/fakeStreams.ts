/**
 * The streams that the fake server sends: pictures, and a fan of candidate plans.
 */
import type { Stream } from '../../shared/protocol/frames.ts';
import { HORIZON } from './syntheticWorld.ts';

const FAN_ITERATIONS = 3;
const FAN_PATHS = 12;
export const FAN_ELITES = 4;

export function picture(name: Stream['name'], index: number, data: Uint8Array): Stream {
  return { name, index, width: 64, height: 64, data };
}

/** Paths from the middle of the arena, spread less and less from iteration to iteration; elites keep closest. */
export function fanOf({ width, height }: { readonly width: number; readonly height: number }): Stream[] {
  return Array.from({ length: FAN_ITERATIONS }, (_, index) => {
    const paths = Array.from({ length: FAN_PATHS }, (_, path) =>
      Array.from({ length: HORIZON + 1 }, (_, point) => {
        const reach = (0.4 * point) / HORIZON;
        const turn = ((path % 2 === 0 ? 1 : -1) * path * 0.2) / (index + 1);
        return [width * (0.5 + reach * Math.cos(turn)), height * (0.5 + reach * Math.sin(turn))];
      }),
    );
    return { name: 'fan', index, width: HORIZON + 1, height: FAN_PATHS, data: Float32Array.from(paths.flat(2)) };
  });
}
