/** The drifting world as a module that a user names by its path. */
import { driftWorld } from './driftWorld.ts';

export default driftWorld();
