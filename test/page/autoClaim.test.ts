/**
 * When a page says that its budget is to choose the renderer steps.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { autoClaim, choosesSteps } from '../../client/autoClaim.ts';
import type { Choice } from '../../client/pageState.ts';
import { createStore, type Store } from '../../client/store.ts';
import type { ServerMessage, Settings } from '../../shared/protocol/control.ts';

const settings: Settings = { world: 'push-t', seed: 1, rendererSteps: 1 };
const ME = 2;
const OTHER = 1;

let store: Store;
let said: Choice[];

function hear(message: ServerMessage): void {
  store.dispatch({ type: 'message', message });
}

/** The server says whose budget counts. */
function ruledBy(viewer: number): void {
  hear({ type: 'audience', viewers: 2, auto: viewer });
}

const chooseAuto = (): void => store.dispatch({ type: 'budgeted', budget: { auto: true } });

beforeEach(() => {
  store = createStore();
  said = [];
  autoClaim(store, (choice) => void said.push(choice));
  store.dispatch({ type: 'link', link: { status: 'open' } });
  hear({ type: 'welcome', version: 1, session: 's', viewer: ME, resume: 'r', worlds: [], settings });
});

describe('autoClaim', () => {
  it('takes the choice back from another page where Auto is chosen again, though it is on already', () => {
    chooseAuto();
    ruledBy(ME);
    ruledBy(OTHER);
    said = [];
    chooseAuto();
    expect(said).toEqual([{ type: 'auto', on: true, chosen: true }]);
    ruledBy(ME);
    expect(choosesSteps(store.state)).toBe(true);
  });

  it('claims with another budget, and says nothing of one that counts for nothing', () => {
    store.dispatch({ type: 'budgeted', budget: { fps: 60 } });
    expect(said).toEqual([]);
    chooseAuto();
    store.dispatch({ type: 'budgeted', budget: { fps: 30 } });
    expect(said).toEqual(Array(2).fill({ type: 'auto', on: true, chosen: true }));
  });

  it('takes it from nobody when it comes with auto by the address, or back after a lost connection', () => {
    chooseAuto();
    said = [];
    store.dispatch({ type: 'link', link: { status: 'connecting' } });
    store.dispatch({ type: 'link', link: { status: 'open' } });
    expect(said).toEqual([{ type: 'auto', on: true, chosen: false }]);
  });
});
