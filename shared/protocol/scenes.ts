/**
 * A scene as control messages have it: shapes with their poses, what of them moves as one in a person's hand, what a
 * person's directions do in the world, in words, and the numbers of its state that an agent learns to read.
 */
import { z } from 'zod';

export const poseSchema = z.object({ x: z.number(), y: z.number(), angle: z.number() });

const shapeBase = { name: z.string(), color: z.string(), fixed: z.boolean(), pose: poseSchema };
export const shapeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('circle'), radius: z.number(), ...shapeBase }),
  z.object({
    kind: z.literal('polygon'),
    vertices: z.array(z.object({ x: z.number(), y: z.number() })),
    ...shapeBase,
  }),
]);

/** Directions that are left out do nothing. */
export const controlLabelsSchema = z.object({
  up: z.string().optional(),
  left: z.string().optional(),
  down: z.string().optional(),
  right: z.string().optional(),
  rest: z.string().optional(),
});

/** Shapes that move as one, by place in the scene, and how they can be moved. */
export const gripSchema = z.object({
  shapes: z.array(z.number().int()).min(1),
  x: z.boolean(),
  y: z.boolean(),
  turns: z.boolean(),
  /** Whether the goal asks for where they are. */
  asked: z.boolean(),
});
export type GripMessage = z.infer<typeof gripSchema>;

/** A named number of the state; `r2` is the share of its variance that the readout explains, where it varies. */
export const readQuantitySchema = z.object({
  name: z.string(),
  unit: z.string(),
  kind: z.enum(['position', 'angle', 'velocity', 'other']),
  r2: z.number().optional(),
});
export type ReadQuantityMessage = z.infer<typeof readQuantitySchema>;
