/**
 * Whether a module's default export is a world's definition, as far as that shows without running it. Plug-ins come
 * from anywhere and may be plain JavaScript, so the spec is checked in full and the world for its methods; what those
 * do is the conformance check's business.
 */
import { z } from 'zod';
import { DIRECTIONS } from '../shared/controls.ts';
import { ReverieError, WorldError } from '../shared/errors.ts';
import type { Variation } from '../shared/factors.ts';
import { contains } from '../shared/space.ts';
import type { World, WorldDefinition, WorldSpec } from '../shared/world.ts';
import { describeThrown } from './conformance/describeThrown.ts';

const finite = z.number('must be a finite number');
const positive = z.number('must be a number above 0').positive('must be a number above 0');
const count = z.int('must be a whole number above 0').positive('must be a whole number above 0');
const text = z.string('must be text').min(1, 'must be text');
const color = z.string('must be a colour like #d6006c').regex(/^#[0-9a-f]{6}$/, 'must be a colour like #d6006c');
const bounds = z.array(finite, 'must be a list of numbers').nonempty('must have a number for each dimension');

const boxSchema = z
  .object({ kind: z.literal('box'), low: bounds, high: bounds })
  .refine(({ low, high }) => low.length === high.length, 'low and high must be equally long')
  .refine(({ low, high }) => low.every((value, i) => value < (high[i] ?? value)), 'each low must be below its high');

const discreteSchema = z.object({ kind: z.literal('discrete'), count });

const quantitySchema = z.object({
  unit: z.string('must be text'),
  kind: z.enum(['position', 'angle', 'velocity', 'other'], 'must be position, angle, velocity or other'),
});

const factorSchema = z.discriminatedUnion(
  'kind',
  [
    z
      .object({
        kind: z.literal('number'),
        default: finite,
        low: finite,
        high: finite,
        unit: z.string('must be text'),
        hidden: z.boolean('must be true or false'),
      })
      .refine((factor) => factor.low < factor.high, 'low must be below high')
      .refine(
        (factor) => factor.low <= factor.default && factor.default <= factor.high,
        'default must lie between them',
      ),
    z.object({
      kind: z.literal('color'),
      object: text,
      default: color,
      choices: z.array(color, 'must be a list of colours').nonempty('must name a colour'),
    }),
  ],
  "must be of kind 'number' or 'color'",
);

const label = z
  .string('must be a word or three')
  .min(1, 'must be a word or three')
  .max(40, 'must be at most 40 letters');
const action = z.array(finite, 'must be an action: a list of numbers');
const control = z.object({ label, action }, 'must be { label, action }');
const controlsSchema = z.strictObject(
  {
    rest: z.object({ label: label.optional(), action }, 'must be { action }: what happens with nothing pressed'),
    up: control.optional(),
    left: control.optional(),
    down: control.optional(),
    right: control.optional(),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? 'must name only rest, up, left, down and right' : undefined,
  },
);

const specSchema: z.ZodType<WorldSpec> = z.object({
  id: z
    .string('must be lower-case words joined by hyphens')
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens'),
  version: count,
  title: text,
  description: text,
  action: z.discriminatedUnion('kind', [boxSchema, discreteSchema], "must be of kind 'box' or 'discrete'"),
  arena: z.object({ width: positive, height: positive }, 'must be { width, height }'),
  stepSeconds: positive,
  subSteps: count,
  budget: count,
  quantities: z
    .record(z.string(), quantitySchema, 'must name the quantities of a state')
    .refine((all) => Object.keys(all).length > 0, 'must name a quantity'),
  objects: z.array(z.object({ name: text, color }), 'must be a list of { name, color }'),
  background: color,
  controls: controlsSchema.optional(),
  factors: z.record(z.string(), factorSchema).optional(),
});

const methods: readonly (keyof World)[] = [
  'reset',
  'step',
  'frame',
  'state',
  'place',
  'snapshot',
  'restore',
  'task',
  'achieved',
  'distance',
  'behaviour',
  'scene',
];

/**
 * The value as a world's definition.
 * @param source what to call it in an error: an id or a path.
 * @throws WorldError naming the first thing that is wrong.
 */
export function validateDefinition(value: unknown, source: string): WorldDefinition {
  const { spec, create } = (value ?? {}) as Partial<WorldDefinition>;
  if (typeof create !== 'function' || spec === undefined) {
    const seen = typeof value === 'object' && value !== null ? `{ ${Object.keys(value).join(', ')} }` : typeof value;
    throw new WorldError(`'${source}' has no world: its default export must be { spec, create }, not ${seen}`);
  }
  const parsed = specSchema.safeParse(spec);
  if (!parsed.success) {
    const [issue, ...more] = parsed.error.issues;
    const { path = [], message = '' } = issue ?? {};
    const others = more.length > 0 ? `; ${more.length} more of its fields are wrong` : '';
    const place = path.map(String).join('.') || 'spec';
    throw new WorldError(
      `the spec of '${source}' is wrong at '${place}': ${message}, not ${shown(valueAt(spec, path))}${others}`,
    );
  }
  refuseStrayControls(spec, source);
  return { spec, create };
}

/** @throws WorldError when a control's action is none of the action space */
function refuseStrayControls({ action: space, controls }: WorldSpec, source: string): void {
  for (const name of ['rest', ...DIRECTIONS] as const) {
    const taken = controls?.[name]?.action;
    if (taken !== undefined && !contains(space, taken))
      throw new WorldError(
        `the spec of '${source}' is wrong at 'controls.${name}.action': must be an action of the space, not ${shown(taken)}`,
      );
  }
}

/** The value that lies at a path of names and numbers. */
function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
    value,
  );
}

/** A value as one would write it, cut where it becomes long. */
function shown(value: unknown): string {
  if (typeof value === 'number' || value === undefined) return String(value);
  const text = JSON.stringify(value) ?? String(typeof value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/**
 * A new world of the definition, varied if asked for.
 * @throws WorldError when it cannot be created or lacks a method.
 */
export function createWorld(definition: WorldDefinition, variation: Variation = {}): World {
  const { id } = definition.spec;
  let world: World;
  try {
    world = definition.create(variation);
  } catch (cause) {
    if (cause instanceof ReverieError) throw cause;
    throw new WorldError(`'${id}' cannot be created: ${describeThrown(cause)}`, { cause });
  }
  if (typeof Reflect.get(Object(world), 'then') === 'function') {
    throw new WorldError(`create() of '${id}' gave a promise: expected a world, at once`);
  }
  const missing = methods.filter((method) => typeof world?.[method] !== 'function');
  if (missing.length > 0) {
    throw new WorldError(`the world '${id}' lacks ${missing.join(', ')}: expected all of them, as in shared/world.ts`);
  }
  return world;
}
