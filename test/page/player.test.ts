/**
 * Going about in the past.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { History, type Moment } from '../../client/timeline/history.ts';
import { Player } from '../../client/timeline/player.ts';
import type { Settings } from '../../shared/protocol/control.ts';
import { episodeOf } from './syntheticWorld.ts';

const settings: Settings = { world: 'push-t', seed: 1, rendererSteps: 1 };
/** Two tasks of six steps. */
const STEPS = 6;
const STEP_MS = 100;

let history: History;
let player: Player;
let seen: string[];

function come(envStep: number): void {
  const moment = history.push({ envStep, truth: undefined, dream: undefined, poses: undefined });
  if (moment !== undefined) player.push(moment, 0);
}

const place = ({ task, tick }: Moment): string => `${task}.${tick.envStep}`;

beforeEach(() => {
  history = new History(2 * STEPS);
  seen = [];
  const screen = {
    jump: (moment: Moment) => void seen.push(`=${place(moment)}`),
    glide: (moment: Moment) => void seen.push(place(moment)),
  };
  player = new Player(history, screen, () => {});
  for (const seed of [1, 2]) {
    history.begin(episodeOf({ ...settings, seed }));
    for (let step = 1; step <= STEPS; step++) come(step);
    history.end(true, STEPS);
  }
  seen = [];
});

/** Plays for some steps of the drawing loop, one for each step of time. */
function play(frames: number): void {
  player.toggle(0);
  seen = [];
  for (let i = 1; i <= frames; i++) player.advance(i * STEP_MS);
}

describe('Player', () => {
  it('follows what happens until a person looks back, and then stays there', () => {
    come(STEPS + 1);
    player.seek(3);
    come(STEPS + 2);
    expect(seen).toEqual([`2.${STEPS + 1}`, '=1.4']);
    expect(player.live).toBe(false);
    player.toLive();
    expect(seen.at(-1)).toBe(`=2.${STEPS + 2}`);
    expect(player.live).toBe(true);
  });

  it('steps, and never beyond what is remembered', () => {
    player.move(-1);
    player.move(-100);
    player.move(-1);
    player.move(1);
    player.seek(1e9);
    expect(seen).toEqual(['=2.5', '=1.1', '=1.1', '=1.2', '=2.6']);
  });

  it('stays live where it is told to step on', () => {
    player.move(1);
    expect([seen, player.live]).toEqual([[], true]);
  });

  it('moves on with what is forgotten', () => {
    player.seek(0);
    come(STEPS + 1);
    expect(seen.at(-1)).toBe('=1.2');
  });

  it('plays on to the end and then is live', () => {
    player.seek(2 * STEPS - 3);
    play(3);
    expect(seen).toEqual(['2.5', '2.6', '=2.6']);
    expect(player.live).toBe(true);
  });

  it('goes round and round the task that it is in', () => {
    player.setLoop(true);
    player.seek(STEPS - 2);
    play(3);
    expect(seen).toEqual(['1.6', '=1.1', '1.2']);
  });

  it('plays as fast as it is told', () => {
    player.seek(0);
    player.setSpeed(0.5);
    play(4);
    expect(seen).toEqual(['1.2', '1.3']);
    player.setSpeed(2);
    for (const now of [450, 500]) player.advance(now);
    expect(seen.slice(2)).toEqual(['1.4', '1.5']);
  });

  it('replays the task from its beginning when there is nothing after', () => {
    player.toggle(0);
    expect(seen).toEqual(['=2.1']);
    player.toggle(0);
    expect(player.playing).toBe(false);
  });

  it('finds the event before and after', () => {
    player.seek(2);
    player.event(1);
    player.event(1);
    player.event(1);
    player.event(-1);
    expect(seen).toEqual(['=1.3', '=1.6', '=2.6', '=1.6']);
  });

  it('does nothing before anything has happened', () => {
    player = new Player(new History(), { jump: () => seen.push('x'), glide: () => seen.push('x') }, () => {});
    player.seek(3);
    player.move(-1);
    player.event(1);
    player.toggle(0);
    player.toLive();
    expect(seen).toEqual([]);
    expect(player.live).toBe(true);
  });
});
