/**
 * How Node finds the modules of a plug-in world, which may lie anywhere on the disk. Three things differ from Node's own rules. `reverie/world` and `matter-js`
 * are those of this installation, the latter because two copies would number bodies differently. A package is looked for from the working directory when it is
 * asked for as `reverie-plugin:<package>`. And a TypeScript file is an ES module whatever the nearest package.json says, so that one file in a plain folder works.
 *
 * Newer Node runs such hooks in the thread itself, older on a loader thread where nothing translates TypeScript: hence both kinds, in plain JavaScript.
 * `importPlugin.ts` registers them.
 */

const PLUGIN_PREFIX = 'reverie-plugin:';

let installation = '';
let workingDirectory = '';

/** Told the addresses of the installation's root and of a file in the working directory. */
export function initialize(data) {
  ({ installation, workingDirectory } = data);
}

/** The hook of `module.register`. */
export async function resolve(specifier, context, nextResolve) {
  return asModule(await nextResolve(...redirected(specifier, context)));
}

/** The hook of `module.registerHooks`. */
export function resolveSync(specifier, context, nextResolve) {
  return asModule(nextResolve(...redirected(specifier, context)));
}

function redirected(specifier, context) {
  if (specifier === 'reverie/world') return [new URL('envs/plugin/authoring.ts', installation).href, context];
  if (specifier === 'matter-js') return [specifier, { ...context, parentURL: installation }];
  if (!specifier.startsWith(PLUGIN_PREFIX)) return [specifier, context];
  return [specifier.slice(PLUGIN_PREFIX.length), { ...context, parentURL: workingDirectory }];
}

/** TypeScript is taken as an ES module, unless its ending says otherwise. */
function asModule(resolved) {
  const [address] = resolved.url.split('?');
  return /\.tsx?$/.test(address) && resolved.format?.startsWith('commonjs')
    ? { ...resolved, format: 'module' }
    : resolved;
}
