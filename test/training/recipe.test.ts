/** A card tells of every command that made its agent, once. */
import { expect, test } from 'vitest';
import { recipeAfter } from '../../server/training/recipe.ts';

const former = { command: 'first && practice', seed: 1, minutes: 30 };
const added = { command: 'practice', seed: 5, minutes: 20, resumed: false };
const both = { command: 'first && practice && practice', seed: 5, minutes: 50 };

test('what begins anew is made by its own command alone', () => {
  expect(recipeAfter(added, undefined, undefined)).toEqual({ command: 'practice', seed: 5, minutes: 20 });
});

test('a stage adds its command, though an equal one was given before', () => {
  expect(recipeAfter(added, former, former)).toEqual(both);
  expect(recipeAfter({ ...added, resumed: true }, former, former)).toEqual(both);
});

test('a stage that is resumed after its card was written adds nothing twice', () => {
  expect(recipeAfter({ ...added, resumed: true }, former, both)).toEqual(both);
});

test('a run of before the recipe was kept goes by the card', () => {
  expect(recipeAfter(added, undefined, former)).toEqual(both);
  expect(recipeAfter({ ...added, resumed: true }, undefined, both)).toEqual(both);
});
