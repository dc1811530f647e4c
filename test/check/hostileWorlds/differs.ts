/** Depends on when and where it was loaded. */
import { Marble, marbleOf } from '../brokenWorlds/marble.ts';

const drift = 1e-9 * process.pid;

export default marbleOf(
  class extends Marble {
    override reset(seed: number) {
      super.reset(seed);
      this.rolling.vx = drift;
    }
  },
);
