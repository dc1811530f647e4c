/** The drifting world, which cannot be drawn after its fifth step, nor say its state after its tenth. */
import type { WorldDefinition } from '../../shared/world.ts';
import { driftWorld } from './driftWorld.ts';

const { spec, create } = driftWorld({ id: 'frail' });

const frail: WorldDefinition = {
  spec,
  create(variation) {
    const world = create(variation);
    let steps = 0;
    const until = <T>(last: number, what: string, tell: () => T): T => {
      if (steps > last) throw new TypeError(`there is no ${what}`);
      return tell();
    };
    return {
      ...world,
      step(action) {
        steps++;
        return world.step(action);
      },
      frame: () => until(4, 'frame', world.frame),
      state: () => until(9, 'state', world.state),
    };
  },
};

export default frail;
