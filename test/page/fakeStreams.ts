/**
 * The streams that the fake server sends: pictures, a fan of candidate plans, and several futures.
 */
import { FRAME_BYTES, toRgb } from '../../shared/frame.ts';
import type { Stream } from '../../shared/protocol/frames.ts';
import { draw, HORIZON, sceneAt } from './syntheticWorld.ts';

const FAN_ITERATIONS = 3;
const FAN_PATHS = 12;
export const FAN_ELITES = 4;
/** Pixels by which each future strays further from the plan. */
const FUTURES_APART = 3;

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

/** So many futures of the plan made at a step; imagined ones stray a quarter less than true ones. */
export function futuresOf(planStart: number, seed: number, count: number): Stream[] {
  const film = (name: Stream['name'], index: number, apart: number): Stream => {
    const frames = Array.from({ length: HORIZON }, (_, i) =>
      draw(sceneAt(planStart + i + 1, seed, (index * apart * (i + 1)) / HORIZON)),
    );
    const data = new Uint8Array(HORIZON * FRAME_BYTES);
    frames.forEach((frame, i) => {
      data.set(toRgb(frame), i * FRAME_BYTES);
    });
    return { name, index, width: 64, height: 64 * HORIZON, data };
  };
  const all = Array.from({ length: count }, (_, i) => i);
  const spread = [1, 0.75].flatMap((share) => Array.from({ length: HORIZON }, (_, i) => share * (i + 1)));
  return [
    ...all.map((i) => film('futureTruth', i, FUTURES_APART)),
    ...all.map((i) => film('futureDream', i, 0.75 * FUTURES_APART)),
    { name: 'spread', index: 0, width: HORIZON, height: 2, data: Float32Array.from(spread) },
  ];
}
