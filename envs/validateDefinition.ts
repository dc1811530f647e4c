/**
 * Whether a module's default export is a world's definition, as far as that shows without running it. Plug-ins come
 * from anywhere and may be plain JavaScript, so the spec is checked in full and the world for its methods; what those
 * do is the conformance check's business.
 */
import { z } from 'zod';
import { ReverieError, WorldError } from '../shared/errors.ts';
import type { Variation } from '../shared/factors.ts';
import type { World, WorldDefinition, WorldSpec } from '../shared/world.ts';

const positive = z.number().positive();
const color = z.string().regex(/^#[0-9a-f]{6}$/, 'must be a colour like #d6006c');

const boxSchema = z
  .object({ kind: z.literal('box'), low: z.array(z.number()).nonempty(), high: z.array(z.number()).nonempty() })
  .refine(({ low, high }) => low.length === high.length, 'low and high must be equally long')
  .refine(({ low, high }) => low.every((value, i) => value < (high[i] ?? value)), 'each low must be below its high');

const discreteSchema = z.object({ kind: z.literal('discrete'), count: z.int().positive() });

const quantitySchema = z.object({ unit: z.string(), kind: z.enum(['position', 'angle', 'velocity', 'other']) });

const factorSchema = z.discriminatedUnion('kind', [
  z
    .object({
      kind: z.literal('number'),
      default: z.number(),
      low: z.number(),
      high: z.number(),
      unit: z.string(),
      hidden: z.boolean(),
    })
    .refine((factor) => factor.low < factor.high, 'low must be below high')
    .refine((factor) => factor.low <= factor.default && factor.default <= factor.high, 'default must lie between them'),
  z.object({ kind: z.literal('color'), object: z.string().min(1), default: color, choices: z.array(color).nonempty() }),
]);

const specSchema: z.ZodType<WorldSpec> = z.object({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens'),
  version: z.int().positive(),
  title: z.string().min(1),
  description: z.string().min(1),
  action: z.union([boxSchema, discreteSchema]),
  arena: z.object({ width: positive, height: positive }),
  stepSeconds: positive,
  subSteps: z.int().positive(),
  budget: z.int().positive(),
  quantities: z.record(z.string(), quantitySchema).refine((all) => Object.keys(all).length > 0, 'must name a quantity'),
  objects: z.array(z.object({ name: z.string().min(1), color })),
  background: color,
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
    throw new WorldError(`'${source}' has no world: its default export must be { spec, create }`);
  }
  const parsed = specSchema.safeParse(spec);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new WorldError(`the spec of '${source}' is wrong at '${issue?.path.join('.')}': ${issue?.message}`);
  }
  return { spec, create };
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
    throw new WorldError(`'${id}' cannot be created: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  const missing = methods.filter((method) => typeof world?.[method] !== 'function');
  if (missing.length > 0) throw new WorldError(`the world '${id}' lacks ${missing.join(', ')}: see shared/world.ts`);
  return world;
}
