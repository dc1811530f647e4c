/**
 * One clock: where the physics is and which pictures are shown at every instant.
 */
import { describe, expect, it } from 'vitest';
import type { Tick } from '../../client/readFrames.ts';
import { Timeline } from '../../client/stage/timeline.ts';

function tick(envStep: number, x: number, angle = 0): Tick {
  return { envStep, truth: undefined, dream: undefined, poses: Float32Array.of(x, 0, angle) };
}

function begun(x = 0): Timeline {
  const timeline = new Timeline();
  timeline.begin(Float32Array.of(x, 0, 0));
  return timeline;
}

describe('Timeline', () => {
  it('stands at the first poses, with no picture, until a tick comes', () => {
    expect(begun(3).at(100)).toEqual({ poses: Float32Array.of(3, 0, 0), tick: undefined, moving: false });
  });

  it('shows the first tick as it is', () => {
    const timeline = begun();
    timeline.push(tick(1, 10), 1000);
    expect(timeline.at(1000).tick?.envStep).toBe(1);
    expect(timeline.at(1000).poses[0]).toBe(10);
  });

  it('glides between ticks for as long as they are apart, and turns the picture halfway', () => {
    const timeline = begun();
    timeline.push(tick(1, 10), 1000);
    timeline.push(tick(2, 20), 1100);
    expect(timeline.at(1100)).toMatchObject({ tick: { envStep: 1 }, moving: true });
    expect(timeline.at(1149).tick?.envStep).toBe(1);
    expect(timeline.at(1150).poses[0]).toBeCloseTo(15, 5);
    expect(timeline.at(1150).tick?.envStep).toBe(2);
    expect(timeline.at(1200)).toMatchObject({ poses: Float32Array.of(20, 0, 0), moving: false });
  });

  it('turns the shorter way round', () => {
    const timeline = begun();
    timeline.push(tick(1, 0, 3), 1000);
    timeline.push(tick(2, 0, -3), 1100);
    const angle = timeline.at(1150).poses[2] ?? 0;
    expect(Math.cos(angle)).toBeCloseTo(-1, 5);
  });

  it('goes on from where it is when a tick comes early', () => {
    const timeline = begun();
    timeline.push(tick(1, 0), 1000);
    timeline.push(tick(2, 10), 1100);
    timeline.push(tick(3, 20), 1150);
    expect(timeline.at(1150).poses[0]).toBeCloseTo(5, 5);
    expect(timeline.at(1150).tick?.envStep).toBe(2);
    expect(timeline.at(1200).poses[0]).toBe(20);
  });

  it('does not dawdle after a long pause', () => {
    const timeline = begun();
    timeline.push(tick(1, 0), 0);
    timeline.push(tick(2, 10), 60_000);
    expect(timeline.at(60_200)).toMatchObject({ poses: Float32Array.of(10, 0, 0), moving: false });
  });

  it('shows the pictures but not the poses of a tick with another number of shapes', () => {
    const timeline = begun(7);
    timeline.push({ ...tick(1, 0), poses: new Float32Array(6) }, 1000);
    expect(timeline.at(1000)).toMatchObject({ tick: { envStep: 1 }, poses: Float32Array.of(7, 0, 0) });
  });
});
