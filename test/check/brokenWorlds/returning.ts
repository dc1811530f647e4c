/** Worlds that don't come back to an earlier moment. */
import type { Action } from '../../../shared/space.ts';
import type { Difficulty, Snapshot, State } from '../../../shared/world.ts';
import type { BrokenWorld } from './brokenWorld.ts';
import { Marble, marbleOf, spec } from './marble.ts';

const onStep = /^v?[xy] is .* at \d+ steps? on, restored at step \d+ of seed \d .*: expected .*, to the bit/;

export const returning: readonly BrokenWorld[] = [
  {
    defect: 'a snapshot without velocities',
    check: 'snapshots',
    says: onStep,
    mend: /velocities, contacts/,
    make: () =>
      marbleOf(
        class extends Marble {
          override restore(snapshot: Snapshot) {
            super.restore(snapshot);
            this.rolling.vx = 0;
          }
        },
      ),
  },
  {
    defect: 'a snapshot that goes on with the world',
    check: 'snapshots',
    says: onStep,
    mend: /copy again in restore/,
    make: () =>
      marbleOf(
        class extends Marble {
          private kept: { rolling: Marble['rolling'] } | undefined;

          override snapshot() {
            this.kept = { rolling: this.rolling };
            return Object.assign(super.snapshot(), { rolling: this.rolling });
          }

          override restore(snapshot: Snapshot) {
            super.restore(snapshot);
            if (this.kept) this.rolling = this.kept.rolling;
          }
        },
      ),
  },
  {
    defect: 'something that happens long after a snapshot forgot it',
    check: 'snapshots',
    says: /^v?[xy] is .* at 1\d\d steps on, restored at step \d+ of seed \d/,
    mend: /counters/,
    make: () =>
      marbleOf(
        class extends Marble {
          private age = 0;

          override place(state: State) {
            super.place(state);
            this.age = 0;
          }

          override step(action: Action) {
            if (++this.age === 160) this.rolling.vx += 1e-6;
            return super.step(action);
          }
        },
      ),
  },
  {
    defect: 'a snapshot that loses the count of steps',
    check: 'snapshots',
    says: /^truncated is (true|false) at \d+ steps? on, restored at step \d+ of seed \d .*: expected (true|false)/,
    mend: /counters/,
    make: () =>
      marbleOf(
        class extends Marble {
          override restore(snapshot: Snapshot) {
            super.restore(snapshot);
            this.steps = 0;
          }
        },
      ),
  },
  {
    defect: 'a snapshot with a function in it',
    check: 'snapshots',
    says: /^a snapshot cannot be cloned: .*: expected plain data/,
    mend: /plain records/,
    make: () =>
      marbleOf(
        class extends Marble {
          override snapshot() {
            return Object.assign(super.snapshot(), { resume: () => this });
          }
        },
      ),
  },
  {
    defect: 'a snapshot that works in its own world alone',
    check: 'snapshots',
    says: /in another world, from a structured clone: expected/,
    mend: /./,
    make: () => {
      let worlds = 0;
      return marbleOf(
        class extends Marble {
          private readonly saved: Marble['rolling'][] = [];
          private readonly number = worlds++;

          override snapshot() {
            this.saved.push({ ...this.rolling });
            const place = { place: this.saved.length - 1, number: this.number };
            return Object.assign(super.snapshot(), { rolling: { x: 10, y: 50, vx: 0, vy: 0 }, ...place });
          }

          override restore(snapshot: Snapshot) {
            super.restore(snapshot);
            const saved = this.saved[Number(Reflect.get(snapshot, 'place'))];
            if (saved && Reflect.get(snapshot, 'number') === this.number) this.rolling = { ...saved };
          }
        },
      );
    },
  },
  {
    defect: 'a placement that remembers the past',
    check: 'placement',
    says: /^v?[xy] is .* at step 1 after the end of seed 0 was placed in a world with another past: expected/,
    mend: /all that a past can leave behind/,
    make: () =>
      marbleOf(
        class extends Marble {
          private warmth = 0;

          override step(action: Action) {
            this.warmth = 0.9 * this.warmth + (action[0] as number);
            this.rolling.vx += 1e-6 * this.warmth;
            return super.step(action);
          }

          override reset(seed: number) {
            super.reset(seed);
            this.warmth = 0;
          }

          override snapshot() {
            return Object.assign(super.snapshot(), { warmth: this.warmth });
          }

          override restore(snapshot: Snapshot) {
            super.restore(snapshot);
            this.warmth = Number(Reflect.get(snapshot, 'warmth'));
          }
        },
      ),
  },
  {
    defect: 'a placement that rounds',
    check: 'placement',
    says: /^x is .* at the end of seed 0 after it was placed and read: expected .*, to the bit/,
    mend: /rounds/,
    make: () =>
      marbleOf(
        class extends Marble {
          override place(state: State) {
            super.place({ ...state, x: Math.fround(state.x ?? 0) });
          }
        },
      ),
  },
  {
    defect: 'a state that leaves velocities out',
    check: 'placement',
    says: /differs from the episode's by \d+% of a step's motion in [xy]: expected less than 75%/,
    mend: /name velocities/,
    make: () => {
      const { x, y } = spec.quantities;
      return marbleOf(
        class extends Marble {
          protected override readonly friction = 0.01;

          override state() {
            return { x: this.rolling.x, y: this.rolling.y };
          }

          override task(seed: number, difficulty?: Difficulty) {
            const task = super.task(seed, difficulty);
            const bare = ({ x = 0, y = 0 }: State) => ({ x, y });
            return { ...task, start: bare(task.start), goal: bare(task.goal) };
          }
        },
        { quantities: { x, y } as typeof spec.quantities },
      );
    },
  },
];
