/**
 * What the page remembers of a session.
 */
import { describe, expect, it } from 'vitest';
import type { Tick } from '../../client/readFrames.ts';
import { contact, surprise, surpriseRatio } from '../../client/timeline/events.ts';
import { type EpisodeMessage, History, measuredAt } from '../../client/timeline/history.ts';
import { whereLine } from '../../client/timeline/timelinePanel.ts';
import type { Settings } from '../../shared/protocol/control.ts';
import { episodeOf } from './syntheticWorld.ts';

const settings: Settings = { world: 'push-t', seed: 1, rendererSteps: 1 };
type Shape = EpisodeMessage['scene'][number];

const BYTES = 64 * 64 * 4;
const PLAN_EVERY = 4;

/** A tick whose dream is off by a share of the scale. */
function tick(envStep: number, off = 0): Tick {
  const dream = new Uint8Array(BYTES).fill(Math.round(255 * off));
  return { envStep, truth: new Uint8Array(BYTES), dream, poses: undefined };
}

function begun(capacity?: number): History {
  const history = new History(capacity);
  history.begin(episodeOf(settings));
  return history;
}

describe('History', () => {
  it('keeps the latest moments, each under the number that it came with', () => {
    const history = begun(3);
    for (let step = 1; step <= 5; step++) history.push(tick(step));
    expect([history.first, history.last]).toEqual([2, 4]);
    expect([1, 2, 4, 5].map((index) => history.at(index)?.tick.envStep)).toEqual([undefined, 3, 5, undefined]);
  });

  it('measures each moment and marks plans, surprises and the end', () => {
    const history = begun();
    for (let step = 1; step <= 8; step++) {
      if (step % PLAN_EVERY === 1) history.plan({ envStep: step - 1, frames: [], goal: undefined, fan: [] });
      history.push(tick(step, step === 8 ? 0.5 : 0.02));
    }
    history.end(true, 8);
    expect(history.all().map(({ events }) => events.join())).toEqual([
      'plan',
      '',
      '',
      '',
      'plan',
      '',
      '',
      'surprise,reached',
    ]);
    expect(history.at(7)?.difference).toBeCloseTo(128 / 255, 6);
    expect(history.all().map((moment) => measuredAt(moment).surprised)).toEqual([...Array(7).fill(false), true]);
    expect(history.at(7)?.ratio).toBeCloseTo(128 / 5, 6);
    expect(history.at(4)?.ratio).toBeUndefined();
  });

  it('takes a step that comes again for the same moment, whose end it still is', () => {
    const history = begun();
    history.push(tick(1));
    history.push(tick(2, 0.5));
    history.end(true, 2);
    history.push(tick(2, 0.1));
    expect(history.all().map(({ tick: { envStep } }) => envStep)).toEqual([1, 2]);
    expect(history.at(1)?.difference).toBeCloseTo(26 / 255, 6);
    expect(history.at(1)?.events).toContain('reached');
  });

  it('measures a still picture beside the dream, where the frame from which the plan began was seen', () => {
    const history = begun();
    history.plan({ envStep: 1, frames: [], goal: undefined, fan: [] });
    history.push({ ...tick(1), truth: new Uint8Array(BYTES).fill(51) });
    history.push(tick(2));
    history.push(tick(3, 0.5));
    history.plan({ envStep: 9, frames: [], goal: undefined, fan: [] });
    history.push(tick(10));
    const [first, second, third, unseen] = history.all().map(measuredAt);
    expect(first).toMatchObject({ ahead: 0, still: undefined });
    expect(second).toMatchObject({ ahead: 1, difference: 0 });
    expect(second?.still).toBeCloseTo(0.2, 6);
    expect(third?.still).toBeCloseTo(0.2, 6);
    expect(unseen).toMatchObject({ ahead: 1, still: undefined });
  });

  it('counts tasks, and goes on with one that a lost connection is given again', () => {
    const history = begun();
    history.push(tick(1));
    history.begin(episodeOf({ ...settings, rendererSteps: 8 }));
    history.push(tick(1));
    history.push(tick(2));
    history.begin({ ...episodeOf(settings), serial: 2 });
    history.push(tick(1));
    expect(history.all().map(({ task, tick: { envStep } }) => [task, envStep])).toEqual([
      [1, 1],
      [1, 2],
      [2, 1],
    ]);
    expect(history.spanOf(1)).toEqual([0, 1]);
    expect(history.spanOf(2)).toEqual([2, 2]);
  });

  it('begins another way through a recording where that goes back, and none where steps were left out', () => {
    const history = begun();
    for (const step of [1, 2, 5, 5, 3, 4]) history.push(tick(step));
    expect(history.all().map(({ task, tick: { envStep } }) => [task, envStep])).toEqual([
      [1, 1],
      [1, 2],
      [1, 5],
      [2, 3],
      [2, 4],
    ]);
    expect(history.spanOf(3)).toEqual([3, 4]);
  });

  it('marks an end once, at its step, though it may come before that step or again', () => {
    const history = begun();
    for (const step of [1, 2]) history.push(tick(step));
    history.end(true, 6);
    history.push(tick(6));
    history.end(true, 6);
    history.push(tick(6));
    expect(history.all().map(({ events }) => events.join())).toEqual(['', '', 'reached']);
  });

  it('marks no moment with the end of a task of which none came', () => {
    const history = begun();
    history.push(tick(2));
    for (const serial of [2, 3, 4]) {
      history.begin({ ...episodeOf(settings), serial });
      history.end(false, 2);
    }
    history.begin({ ...episodeOf(settings), serial: 5 });
    history.push(tick(2));
    expect(history.all().map(({ events }) => events.join())).toEqual(['', '']);
  });

  it('marks the end of each way through a recording', () => {
    const history = begun();
    for (const step of [1, 2]) history.push(tick(step));
    history.end(true, 2);
    for (const step of [1, 2]) history.push(tick(step));
    history.end(true, 2);
    expect(history.all().map(({ events }) => events.join())).toEqual(['', 'reached', '', 'reached']);
  });

  it('says in words where a moment lies', () => {
    const history = begun();
    history.push(tick(7));
    history.end(false, 7);
    const moment = history.at(0);
    if (moment === undefined) throw new Error('the moment was not kept');
    expect(whereLine(moment, 0, true)).toBe('Live: task 1, step 7, goal missed');
    expect(whereLine(moment, 25, false)).toBe('2.5 s back: task 1, step 7, goal missed');
  });
});

describe('contact', () => {
  const circle = (name: string, fixed: boolean): Shape => ({
    kind: 'circle',
    name,
    radius: 5,
    color: '#000',
    fixed,
    pose: { x: 0, y: 0, angle: 0 },
  });
  const square: Shape = {
    kind: 'polygon',
    name: 'wall',
    color: '#000',
    fixed: true,
    pose: { x: 0, y: 0, angle: 0 },
    vertices: [
      { x: -5, y: -5 },
      { x: 5, y: -5 },
      { x: 5, y: 5 },
      { x: -5, y: 5 },
    ],
  };
  const arena = { width: 100, height: 100 };
  const scene = [circle('agent', false), square, circle('post', true)];
  const poses = (x: number, angle = 0) => Float32Array.of(x, 0, 0, 40, 0, angle, 51, 0, 0);

  it('is where outlines meet that were apart, and not where they stay together', () => {
    expect(contact({ scene, arena }, poses(25), poses(30))).toBe(true);
    expect(contact({ scene, arena }, poses(30), poses(31))).toBe(false);
    expect(contact({ scene, arena }, poses(20), poses(25))).toBe(false);
    expect(contact({ scene, arena }, undefined, poses(30))).toBe(false);
  });

  it('goes by the outline as it is turned, and counts what lies inside', () => {
    expect(contact({ scene, arena }, poses(28.5), poses(28.5, Math.PI / 4))).toBe(true);
    expect(contact({ scene, arena }, poses(20), poses(40))).toBe(true);
  });

  it('is never between two bodies that are fixed', () => {
    const apart = Float32Array.of(0, 0, 0, 40, 0, 0, 60, 0, 0);
    const together = Float32Array.of(0, 0, 0, 40, 0, 0, 45, 0, 0);
    expect(contact({ scene, arena }, apart, together)).toBe(false);
  });
});

describe('surprise', () => {
  it('is told as a ratio to the usual difference, once there is one', () => {
    expect(surpriseRatio([0.02, 0.01, 0.04, 0.03], 0.1)).toBeUndefined();
    expect(surpriseRatio([0.02, 0.01, 0.04, 0.03, 0.05], 0.09)).toBeCloseTo(3, 9);
    expect(surpriseRatio([0, 0, 0, 0, 0], 0)).toBe(0);
    expect(surpriseRatio([0, 0, 0, 0, 0], 0.1)).toBe(Number.POSITIVE_INFINITY);
    expect(surprise([0, 0, 0, 0, 0], 0.1)).toBe(true);
  });

  it('is one at the step where it begins, and needs dreams to compare with and an error that can be seen', () => {
    const calm = [0.01, 0.012, 0.009, 0.01, 0.011];
    expect(surprise(calm, 0.05)).toBe(true);
    expect(surprise([...calm, 0.05], 0.06)).toBe(false);
    expect(surprise(calm, 0.025)).toBe(false);
    expect(surprise([...calm, 0.025], 0.034)).toBe(false);
    expect(surprise(calm.slice(1), 0.05)).toBe(false);
    expect(
      surprise(
        calm.map((value) => value / 10),
        0.009,
      ),
    ).toBe(false);
  });
});
