/**
 * A world that says what it is asked. It passes every call on to the world that it wraps and notes which method is at
 * work, so that whatever is thrown, even a bare string, can be blamed on `step` or `frame` by name.
 */
import type { Random } from '../../shared/random.ts';
import type { Action } from '../../shared/space.ts';
import type { Behaviour, Difficulty, Snapshot, State, World, WorldSpec } from '../../shared/world.ts';

/** What is being asked of a world. */
export interface Calls {
  /** The method that has been called and has not answered; `undefined` between calls. */
  current: string | undefined;
  /** The method called last. */
  last: string;
}

export class WatchedWorld implements World {
  private readonly world: World;
  private readonly calls: Calls;

  constructor(world: World, calls: Calls) {
    this.world = world;
    this.calls = calls;
  }

  get spec(): WorldSpec {
    return this.world.spec;
  }

  reset(seed: number) {
    return this.call('reset', () => this.world.reset(seed));
  }

  step(action: Action) {
    return this.call('step', () => this.world.step(action));
  }

  frame() {
    return this.call('frame', () => this.world.frame());
  }

  state() {
    return this.call('state', () => this.world.state());
  }

  place(state: State) {
    return this.call('place', () => this.world.place(state));
  }

  snapshot() {
    return this.call('snapshot', () => this.world.snapshot());
  }

  restore(snapshot: Snapshot) {
    return this.call('restore', () => this.world.restore(snapshot));
  }

  task(seed: number, difficulty?: Difficulty) {
    return this.call('task', () => this.world.task(seed, difficulty));
  }

  achieved(state: State, goal: State, strict?: boolean) {
    return this.call('achieved', () => this.world.achieved(state, goal, strict));
  }

  distance(state: State, goal: State) {
    return this.call('distance', () => this.world.distance(state, goal));
  }

  behaviour(random: Random): Behaviour {
    const behaviour = this.call('behaviour', () => this.world.behaviour(random));
    if (typeof behaviour?.act !== 'function') return behaviour;
    return { act: (state) => this.call('behaviour.act', () => behaviour.act(state)) };
  }

  scene() {
    return this.call('scene', () => this.world.scene());
  }

  private call<T>(method: string, ask: () => T): T {
    this.calls.current = method;
    this.calls.last = method;
    const answer = ask();
    this.calls.current = undefined;
    return answer;
  }
}
