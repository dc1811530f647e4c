/** Forgets a promise that fails, and throws in a timer. */
import { Marble, marbleOf } from '../brokenWorlds/marble.ts';

export default marbleOf(
  class extends Marble {
    override reset(seed: number) {
      super.reset(seed);
      void Promise.reject(new Error('the cat is out'));
      setTimeout(() => {
        throw new Error('the bag is open');
      }, 1);
    }
  },
);
