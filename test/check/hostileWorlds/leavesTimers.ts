/** Leaves a timer running for each world. */
import { Marble, marbleOf } from '../brokenWorlds/marble.ts';

export default marbleOf(
  class extends Marble {
    readonly timer = setInterval(() => {}, 1000);
  },
);
