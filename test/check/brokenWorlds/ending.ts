/** Worlds that take what they should refuse, or end their episodes wrongly. */
import { type Action, clamp } from '../../../shared/space.ts';
import type { State } from '../../../shared/world.ts';
import type { BrokenWorld } from './brokenWorld.ts';
import { Marble, marbleOf, spec } from './marble.ts';

export const ending: readonly BrokenWorld[] = [
  {
    defect: 'actions that are clamped in silence',
    check: 'actions',
    says: /^step\(\[2,2\]\) was accepted: expected actions outside the space to be refused/,
    mend: /contains\(spec\.action, action\)/,
    make: () =>
      marbleOf(
        class extends Marble {
          override step(action: Action) {
            return super.step(clamp(spec.action, action));
          }
        },
      ),
  },
  {
    defect: 'an action that moves things before it is refused',
    check: 'actions',
    says: /^x is .* at the state after the refused action \[2,2\]: expected/,
    mend: /before anything moves/,
    make: () =>
      marbleOf(
        class extends Marble {
          override step(action: Action) {
            this.rolling.x += 1e-9;
            return super.step(action);
          }
        },
      ),
  },
  {
    defect: 'a truncation one step late',
    check: 'truncation',
    says: /^step 40 of seed 0 with scripted actions says truncated: false, with a budget of 40 steps: expected truncated at step 40/,
    mend: /steps >= spec\.budget/,
    make: () =>
      marbleOf(
        class extends Marble {
          override step(action: Action) {
            return { ...super.step(action), truncated: this.steps > spec.budget };
          }
        },
      ),
  },
  {
    defect: 'a budget that is called termination',
    check: 'truncation',
    says: /^all of \d+ episodes terminate at step 40, which is the budget: expected them truncated there/,
    mend: /ends that the state brings about/,
    make: () =>
      marbleOf(
        class extends Marble {
          override step(action: Action) {
            const { truncated } = super.step(action);
            return { terminated: truncated, truncated };
          }
        },
      ),
  },
  {
    defect: 'a placement that begins no new episode',
    check: 'truncation',
    says: /^step \d+ after a state was placed says truncated: true, 20 steps into an episode: expected a new episode of 40 steps/,
    mend: /in place\(\)/,
    make: () =>
      marbleOf(
        class extends Marble {
          override reset(seed: number) {
            super.reset(seed);
            this.steps = 0;
          }

          override place(state: State) {
            const { steps } = this;
            super.place(state);
            this.steps = steps;
          }
        },
      ),
  },
  {
    defect: 'a number that is lost under actions that the script never takes',
    check: 'states',
    says: /^vx is NaN at step \d+ of an episode of extreme actions, after \[.*\]: expected a finite number/,
    mend: /division by zero/,
    make: () =>
      marbleOf(
        class extends Marble {
          protected override update(action: Action) {
            super.update(action);
            const { vx, vy } = this.rolling;
            if (Math.hypot(vx, vy) > 1.5) this.rolling.vx = Math.sqrt(1.5 - Math.hypot(vx, vy));
          }
        },
      ),
  },
  {
    defect: 'an angle that is never wrapped',
    check: 'states',
    says: /^the angle spin is .* at step \d+ of an episode .*: expected it within ±π/,
    mend: /wrapAngle/,
    make: () =>
      marbleOf(
        class extends Marble {
          private spin = 0;

          override step(action: Action) {
            this.spin += 0.3;
            return super.step(action);
          }

          override place(state: State) {
            super.place(state);
            this.spin = state.spin ?? 0;
          }

          override state() {
            return { ...super.state(), spin: this.spin };
          }

          override task(seed: number, ...rest: []) {
            const task = super.task(seed, ...rest);
            return { ...task, start: { ...task.start, spin: 0 }, goal: { ...task.goal, spin: 0 } };
          }
        },
        { quantities: { ...spec.quantities, spin: { unit: 'rad', kind: 'angle' } } },
      ),
  },
  {
    defect: 'a state that goes on with the world',
    check: 'states',
    says: /^x is .* at a state that was read before the world went on: expected .*, to the bit/,
    mend: /a new object in state/,
    make: () =>
      marbleOf(
        class extends Marble {
          override reset(seed: number) {
            super.reset(seed);
          }

          override place(state: State) {
            Object.assign(this.rolling, { x: state.x, y: state.y, vx: state.vx, vy: state.vy });
            this.steps = 0;
          }

          override state() {
            return untouched(this.rolling);
          }
        },
      ),
  },
];

/** The record itself. */
function untouched(record: { x: number; y: number; vx: number; vy: number }): State {
  return record as unknown as State;
}
