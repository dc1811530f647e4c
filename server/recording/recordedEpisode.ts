/**
 * A recording as a third source of episodes beside the true world and its dream: the same `reset`, `step` and `frame`,
 * so that whoever plays, draws or exports never asks which of the three it holds. There is one episode, so `reset`
 * returns to its beginning whatever the seed, and `step` takes the recorded action whatever it is given.
 *
 * The episode is played again in a fresh world, and the state after every step is compared with the recorded hash: what
 * is shown is what happened, or an error says where it stopped being so. On the way snapshots are kept, so that `seek`
 * reaches any step by playing a few. What the world throws otherwise is an error that names it.
 */
import { inWorld } from '../../envs/inWorld.ts';
import { DataError, type ReverieError, WorldError } from '../../shared/errors.ts';
import type { Frame } from '../../shared/frame.ts';
import type { Scene } from '../../shared/scene.ts';
import { type Action, dimensionsOf } from '../../shared/space.ts';
import type { Playable, Snapshot, State, StepResult, World, WorldSpec } from '../../shared/world.ts';
import type { RecordedStep, Recording } from './recording.ts';
import { hashState, type StateHash } from './stateHash.ts';

/** Where a replay first left its recording. */
export interface Mismatch {
  /** 0 is the beginning, n the state after n steps. */
  readonly step: number;
  /** What was recorded, in words. */
  readonly expected: string;
  /** What came instead. */
  readonly seen: string;
  /** The state that came; none when the world refused to go on. */
  readonly state?: State;
}

/** The replay left the recording: other physics, or an altered file. */
export class ReplayMismatch extends DataError {
  readonly mismatch: Mismatch;

  constructor(mismatch: Mismatch, length: number, options?: ErrorOptions) {
    const { step, expected, seen } = mismatch;
    const place = step === 0 ? 'at its beginning' : `at step ${step} of ${length}`;
    super(`the replay leaves the recording ${place}: recorded was ${expected}, seen is ${seen}`, options);
    this.mismatch = mismatch;
  }
}

/** Steps between two snapshots, and how many are kept at most. */
const SNAPSHOT_STEPS = 25;
const MAX_SNAPSHOTS = 64;

export class RecordedEpisode implements Playable {
  readonly spec: WorldSpec;
  /** Steps of the episode. */
  readonly length: number;
  private readonly recording: Recording;
  private readonly world: World;
  private readonly spacing: number;
  private readonly snapshots = new Map<number, Snapshot>();
  private done = 0;
  /** Set while the world stands where the recording never was. */
  private lost: ReverieError | undefined;

  /**
   * Begins the episode in `world`, which it then owns.
   * @throws DataError when the recording is of another world; ReplayMismatch when it doesn't begin as recorded.
   */
  constructor(recording: Recording, world: World) {
    const { header } = recording;
    const actionSize = dimensionsOf(world.spec.action);
    if (header.world.id !== world.spec.id)
      throw new DataError(`the recording is of the world '${header.world.id}', not of '${world.spec.id}'`);
    if (header.actionSize !== actionSize)
      throw new DataError(
        `the recording has actions of ${header.actionSize} numbers and '${world.spec.id}' takes ${actionSize}; replay it with the version of the world that it was made in, ${header.world.version}`,
      );
    this.spec = world.spec;
    this.length = recording.steps.length;
    this.recording = recording;
    this.world = world;
    this.spacing = Math.max(SNAPSHOT_STEPS, Math.ceil(this.length / MAX_SNAPSHOTS));
    this.reset();
  }

  /** Steps taken since the beginning. */
  get position(): number {
    return this.done;
  }

  /** What `step` will do; `undefined` at the end. */
  get nextAction(): Action | undefined {
    return this.recording.steps[this.done]?.action;
  }

  /** Returns to the beginning. @throws ReplayMismatch when it isn't as recorded. */
  reset(_seed?: number): void {
    const { header, startHash } = this.recording;
    this.done = 0;
    this.lost = undefined;
    const begin = (): void =>
      header.start.kind === 'reset' ? this.world.reset(header.start.seed) : this.world.place(header.start.state);
    this.asRecorded(0, 'a beginning', begin);
    this.compare(0, startHash);
  }

  /**
   * Takes the next recorded step. The last one is truncated if it didn't end the episode, since the recording ends.
   * @throws ReplayMismatch when the world doesn't do as recorded; DataError after the end; WorldError when it gives no
   *   snapshot.
   */
  step(_action?: Action): StepResult {
    if (this.lost) throw this.lost;
    const recorded = this.recording.steps[this.done];
    if (recorded === undefined) throw new DataError(`the recording has ended after ${this.length} steps: reset it`);
    const { terminated, truncated } = this.advance(recorded);
    return { terminated, truncated: truncated || (this.done === this.length && !terminated) };
  }

  /** Goes to the state after `step` steps. @throws RangeError when there is none; ReplayMismatch on the way there. */
  seek(step: number): void {
    const way = this.seeking(step);
    while (!way.next().done);
  }

  /** The same in parts, one for each step that has to be played, for whoever has other things to do meanwhile. */
  *seeking(step: number): Generator<void, void> {
    if (!Number.isInteger(step) || step < 0 || step > this.length)
      throw new RangeError(`the recording has no step ${step}: give an integer from 0 to ${this.length}`);
    if (this.lost || step < this.done || step - this.done >= this.spacing) this.resume(step);
    while (this.done < step) {
      this.step();
      yield;
    }
  }

  frame(): Frame {
    return this.present((world) => world.frame());
  }

  state(): State {
    return this.present((world) => world.state());
  }

  scene(): Scene {
    return this.present((world) => world.scene());
  }

  /** What the world tells where the recording has it. @throws WorldError when it breaks down */
  private present<T>(tell: (world: World) => T): T {
    if (this.lost) throw this.lost;
    return inWorld(this.spec.id, () => tell(this.world));
  }

  /** Goes to the last snapshot at or before a step, unless going on from here is as near. */
  private resume(step: number): void {
    const known = [...this.snapshots.keys()].filter((at) => at <= step);
    const nearest = Math.max(0, ...known);
    if (!this.lost && nearest <= this.done && this.done <= step) return;
    const snapshot = this.snapshots.get(nearest);
    if (snapshot === undefined) this.reset();
    else {
      this.restore(snapshot);
      this.done = nearest;
      this.lost = undefined;
    }
  }

  private restore(snapshot: Snapshot): void {
    try {
      inWorld(this.spec.id, () => this.world.restore(snapshot));
    } catch (error) {
      this.lost = error as ReverieError; // which is all that `inWorld` throws
      throw error;
    }
  }

  private advance(recorded: RecordedStep): StepResult {
    const step = this.done + 1;
    const result = this.asRecorded(step, 'a step', () => {
      const { terminated, truncated } = this.world.step(recorded.action);
      return { terminated, truncated };
    });
    const state = this.compare(step, recorded.hash);
    if (result.terminated !== recorded.terminated || result.truncated !== recorded.truncated)
      this.differ({ step, expected: verdict(recorded), seen: verdict(result), state });
    this.done = step;
    if (step % this.spacing === 0 && !this.snapshots.has(step)) {
      const snapshot = this.present((world) => world.snapshot());
      this.snapshots.set(step, snapshot);
    }
    return result;
  }

  /** The state, where it is as recorded. */
  private compare(step: number, hash: StateHash): State {
    const expected = `the state ${hash}`;
    const { state, seen } = this.asRecorded(step, expected, () => {
      const state = this.world.state();
      return { state, seen: hashState(state, this.recording.header.quantities) };
    });
    return seen === hash ? state : this.differ({ step, expected, seen: `the state ${seen}`, state });
  }

  /** What the world throws is a mismatch too: when it was recorded it went on. */
  private asRecorded<T>(step: number, expected: string, work: () => T): T {
    try {
      return work();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const kind = cause instanceof WorldError ? 'a refusal' : 'an error';
      return this.differ({ step, expected, seen: `${kind} (${reason})` }, cause);
    }
  }

  private differ(mismatch: Mismatch, cause?: unknown): never {
    this.lost = new ReplayMismatch(mismatch, this.length, { cause });
    throw this.lost;
  }
}

function verdict({ terminated, truncated }: StepResult): string {
  return `${terminated ? 'terminated' : 'not terminated'} and ${truncated ? 'truncated' : 'not truncated'}`;
}
