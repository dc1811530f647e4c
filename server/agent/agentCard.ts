/**
 * The card beside an agent's weights: what it is, how it was trained, how it was measured. It is read and checked
 * before any weight is, so that a directory that holds something else is refused with a sentence.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { MOST_CONTEXT } from '../../models/diffusion/network/optionalConditions.ts';
import { WeightsError } from '../../shared/errors.ts';
import { trainingCostsSchema } from './trainingCost.ts';

/** File name of the card in an agent's directory. */
export const CARD_FILE = 'card.json';

/** Raised when older weights can no longer be read. */
const CARD_VERSION = 1;

const spaceSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('box'),
    low: z.array(z.number()).nonempty().readonly(),
    high: z.array(z.number()).nonempty().readonly(),
  }),
  z.object({ kind: z.literal('discrete'), count: z.number().int().positive() }),
]);

const latentModelSchema = z.object({
  actions: spaceSchema,
  encoder: z.object({
    keypoints: z.number().int().positive(),
    channels: z.array(z.number().int().positive()).min(1).readonly(),
  }),
  /** Agents of before there was a choice saw one. */
  frames: z.union([z.literal(1), z.literal(2)]).default(1),
  predictor: z.object({ hidden: z.number().int().positive(), layers: z.number().int().positive() }),
  /** Agents of before there were several had one. */
  distance: z.object({ heads: z.number().int().positive() }).default({ heads: 1 }),
  /** Absent where the agent tells no things from its body. */
  things: z.object({ heads: z.number().int().positive() }).optional(),
  /** Absent where the agent has not practised. */
  proposal: z.object({ ways: z.number().int().positive(), steps: z.number().int().positive() }).optional(),
});

const count = z.number().int().positive();

const conditionShape = {
  latentSize: count,
  points: count,
  embedding: count,
  context: count.max(MOST_CONTEXT).optional(),
  unconditional: z.boolean().optional(),
};

/** A U-Net, by its channels, or a transformer, by its width and depth. */
const denoiserSchema = z.union([
  z.object({ ...conditionShape, channels: z.tuple([count, count]).readonly() }),
  z.object({ ...conditionShape, width: count.multipleOf(32), depth: count }),
]);

/** What `npm run test:accuracy` asks of the agent, and on which tasks. */
const accuracySchema = z.object({
  episodes: z.number().int().positive(),
  seed: z.number().int().nonnegative(),
  difficulty: z.enum(['easy', 'default', 'hard']),
  /** Least success, as shares of the tasks. */
  moderate: z.number().min(0).max(1),
  strict: z.number().min(0).max(1),
  /** Steps ahead at which predictions are judged, and the most that their error may be of a guess's. */
  predictionStep: z.number().int().positive(),
  predictionRatio: z.number().positive(),
  /** Least R² of a linear probe of any position. */
  positionR2: z.number().max(1),
});
export type AccuracyThresholds = z.infer<typeof accuracySchema>;

/** How the agent searches where a plan is made at every step. */
const planningSchema = z.object({
  /** Steps of a plan: how far ahead its predictions bear a search. */
  horizon: count.max(64),
});

/** All commands that made an agent, the seed of the last and their minutes together. */
export const recipeSchema = z.object({ command: z.string(), seed: z.number().int(), minutes: z.number() });

/** How a further method of the renderer was learned. */
const methodRecordSchema = z.object({
  command: z.string(),
  /** Of the command, which may have trained several. */
  minutes: z.number(),
  commit: z.string(),
});

export const agentCardSchema = z.object({
  cardVersion: z.literal(CARD_VERSION),
  world: z.object({ id: z.string(), version: z.number().int() }),
  /** What the agent learned from, in words: the shipped agents say "frames and actions". */
  supervision: z.string(),
  recipe: recipeSchema,
  data: z.object({
    episodes: z.number().int(),
    encodedEpisodes: z.number().int(),
    /** Of held actions, for the predictor; agents of before there were had none. */
    heldEpisodes: z.number().int().optional(),
    stepsPerEpisode: z.number().int(),
    behaviour: z.string(),
  }),
  latent: latentModelSchema,
  /** The solver's defaults where it says nothing. */
  planning: planningSchema.optional(),
  /** Absent while only the latent stage is trained. */
  renderer: denoiserSchema.optional(),
  /** Seed of the episodes that it learned from, and of its own draws; agents of before it was kept have the recipe's. */
  rendererSeed: z.number().int().optional(),
  /** Methods that the renderer has learned besides its three networks, by name. */
  methods: z.record(z.string(), methodRecordSchema).optional(),
  /** What the training of each of the renderer's networks took; absent for those of before it was recorded. */
  training: trainingCostsSchema.optional(),
  /** Figures with the command that prints them again. */
  metrics: z.record(z.string(), z.unknown()),
  /** Absent where nobody has said what must be reached. */
  accuracy: accuracySchema.optional(),
  software: z.record(z.string(), z.string()),
  commit: z.string(),
});
export type AgentCard = z.infer<typeof agentCardSchema>;

/** Reads and checks the card of an agent's directory. @throws WeightsError naming the file and what is wrong */
export async function readAgentCard(directory: string): Promise<AgentCard> {
  const path = join(directory, CARD_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new WeightsError(
      `there is no agent in "${directory}" (no ${CARD_FILE}); train one with \`reverie train\` or name its directory`,
      {
        cause: error,
      },
    );
  }
  const parsed = agentCardSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new WeightsError(
    `"${path}" is not a card that this version reads (${issue?.path.join('.') || 'the whole'}: ${issue?.message}); train the agent again`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
