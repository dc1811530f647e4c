/**
 * Notices when a world replaces what everybody in the process uses (`Math.random`, `Array.prototype.map`, `JSON`), and
 * puts it back, so that the checks that follow judge the world and not the damage. Additions are told too, and taken
 * away from prototypes, where they show up in every loop over an object.
 */

/** Objects that are watched, by what they are called. */
const watched: ReadonlyMap<string, object> = new Map<string, object>(
  [
    'Array',
    'ArrayBuffer',
    'BigInt',
    'Boolean',
    'Date',
    'Error',
    'Float32Array',
    'Float64Array',
    'Function',
    'Int32Array',
    'JSON',
    'Map',
    'Math',
    'Number',
    'Object',
    'Promise',
    'Reflect',
    'RegExp',
    'Set',
    'String',
    'Symbol',
    'Uint8Array',
    'WeakMap',
    'console',
    'process',
  ].flatMap((name): [string, object][] => {
    const value: unknown = Reflect.get(globalThis, name);
    if (typeof value !== 'object' && typeof value !== 'function') return [];
    if (value === null) return [];
    const prototype: unknown = Reflect.get(value, 'prototype');
    const own: [string, object][] = [[name, value]];
    return typeof prototype === 'object' && prototype !== null ? [...own, [`${name}.prototype`, prototype]] : own;
  }),
);

/** What changes by itself or may be changed: how stacks are shown, and most of `process`. */
const ignored = /^(Error\.(stackTraceLimit|prepareStackTrace)$|process\.(?!(exit|kill|abort|nextTick|hrtime|cwd)$))/;

type Memory = ReadonlyMap<PropertyKey, PropertyDescriptor>;

export class GlobalsGuard {
  private readonly globals: Memory;
  private readonly memories: ReadonlyMap<string, Memory>;
  private readonly replaced = new Set<string>();
  private readonly added = new Set<string>();

  /** Remembers everything as it is now. */
  constructor() {
    this.globals = ownValues(globalThis);
    this.memories = new Map([...watched].map(([name, object]) => [name, ownValues(object)]));
  }

  /** Puts back what was replaced since. */
  restore(): void {
    this.compare('', globalThis, this.globals, false);
    for (const [name, memory] of this.memories) {
      this.compare(`${name}.`, watched.get(name) as object, memory, name.endsWith('.prototype'));
    }
  }

  /** What was replaced and added in all. */
  findings(): { readonly replaced: string[]; readonly added: string[] } {
    return { replaced: [...this.replaced], added: [...this.added] };
  }

  private compare(prefix: string, object: object, memory: Memory, removesAdditions: boolean): void {
    for (const [key, descriptor] of memory) {
      const label = `${prefix}${String(key)}`;
      const now = Reflect.getOwnPropertyDescriptor(object, key);
      if ((now && Object.is(now.value, descriptor.value) && now.get === descriptor.get) || ignored.test(label))
        continue;
      this.replaced.add(label);
      Reflect.defineProperty(object, key, descriptor);
    }
    for (const key of Reflect.ownKeys(object)) {
      const label = `${prefix}${String(key)}`;
      if (memory.has(key) || ignored.test(label) || (object === globalThis && lazyNames.has(key))) continue;
      this.added.add(label);
      if (removesAdditions) Reflect.deleteProperty(object, key);
    }
  }
}

/** Own properties that hold a value; on `globalThis` accessors stand for what is loaded when it is first used. */
function ownValues(object: object): Memory {
  const keys = Reflect.ownKeys(object).filter((key) => object !== globalThis || !lazyNames.has(key));
  return new Map(keys.map((key) => [key, Reflect.getOwnPropertyDescriptor(object, key) as PropertyDescriptor]));
}

/** The names that `globalThis` has as accessors before any world is loaded. */
const lazyNames = new Set(
  Reflect.ownKeys(globalThis).filter((key) => Reflect.getOwnPropertyDescriptor(globalThis, key)?.get !== undefined),
);
