/**
 * Finds worlds: the built-in ones by id, and any other by the path or package of its module, which may lie outside this
 * repository. Only the module asked for is loaded.
 */
import { UsageError } from '../shared/errors.ts';
import type { WorldDefinition } from '../shared/world.ts';
import { importPlugin } from './plugin/importPlugin.ts';
import { validateDefinition } from './validateDefinition.ts';

const builtIn: Readonly<Record<string, () => Promise<{ readonly default: unknown }>>> = {
  'push-t': () => import('./worlds/push-t/pushT.ts'),
  'two-room': () => import('./worlds/two-room/twoRoom.ts'),
  'cart-pole': () => import('./worlds/cart-pole/cartPole.ts'),
  puck: () => import('./worlds/puck/puck.ts'),
  rope: () => import('./worlds/rope/rope.ts'),
  lander: () => import('./worlds/lander/lander.ts'),
};

/** The ids of the built-in worlds. */
export function worldIds(): readonly string[] {
  return Object.keys(builtIn);
}

/**
 * The built-in world with the id, or the one that is the default export of a module: a file or a folder at the path
 * (relative to the working directory), or an npm package that is installed there.
 * @throws UsageError when there is neither such a world nor such a module.
 * @throws WorldError when the module doesn't load or isn't a world.
 */
export async function loadWorld(idOrModule: string): Promise<WorldDefinition> {
  const load = Object.hasOwn(builtIn, idOrModule) ? builtIn[idOrModule] : undefined;
  const module = load ? await load() : await importPlugin(idOrModule);
  if (!module) {
    throw new UsageError(
      `'${idOrModule}' is neither a world nor a module: the worlds are ${worldIds().join(', ')}, and a module is named by its path or package`,
    );
  }
  return validateDefinition(module.default, idOrModule);
}
