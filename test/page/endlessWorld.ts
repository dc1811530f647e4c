/** A made-up world whose task never ends, for pages that are looked at for as long as a test likes. */
import { fakeWorld } from '../server/fakeWorld.ts';

const endless = fakeWorld({ id: 'endless', goal: 9999, budget: 9999, stepSeconds: 0.1 });

/** Without its wall, which has no outline that a page could draw. */
export const endlessWorld = {
  ...endless,
  create: () => {
    const made = endless.create();
    return { ...made, scene: () => made.scene().slice(1) };
  },
};
