/**
 * What a recording says about itself, in the first line of its file: which world, as it was then, how the episode
 * began, and who acted with what. Together with the actions it determines the episode.
 *
 * Fields may be added to a version of the format; readers leave out what they don't know. Whatever cannot be read by an
 * older program raises `RECORDING_VERSION`, and a schema for each version stays here.
 */
import { z } from 'zod';
import { DataError } from '../../shared/errors.ts';
import { exactNumber } from './exactJson.ts';

export const RECORDING_FORMAT = 'reverie-recording';

/** The version that is written. */
export const RECORDING_VERSION = 1;

const state = z.record(z.string(), exactNumber);
const seed = z.int().min(0).max(0xffffffff);

/** How the episode began: `reset(seed)`, or `place(state)`. */
const start = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('reset'), seed }),
  z.object({ kind: z.literal('place'), state }),
]);

/** Who chose the actions; `human` where a person chose even one of them. */
const actor = z.object({
  kind: z.enum(['script', 'random', 'agent', 'oracle', 'human']),
  /** Seed of the actor's own draws. */
  seed: seed.optional(),
  /** Directory of the weights of the agent, if one acted, and the beginning of the SHA-256 of its card in hexadecimal digits. */
  weights: z.object({ directory: z.string(), card: z.string() }).optional(),
});

const headerSchema = z.object({
  format: z.literal(RECORDING_FORMAT),
  formatVersion: z.literal(RECORDING_VERSION),
  world: z.object({
    id: z.string().min(1),
    version: z.int(),
    /** What the world was loaded by: a built-in id, or the path or package of a module. */
    source: z.string(),
  }),
  /** Factors that were other than usual. */
  variation: z.record(z.string(), z.union([exactNumber, z.string()])),
  start,
  /** The task that was played, if it was one. */
  task: z
    .object({
      seed,
      difficulty: z.enum(['easy', 'default', 'hard']),
      start: state,
      goal: state,
      budget: z.int().positive(),
    })
    .optional(),
  stepSeconds: z.number().positive(),
  subSteps: z.int().positive(),
  /** Names of the quantities that the state hashes cover, in their order. */
  quantities: z.array(z.string()).min(1),
  /** Numbers of an action. */
  actionSize: z.int().positive().max(4096),
  /** Steps of the episode. */
  steps: z.int().min(0),
  actor,
  /** Releases that trajectories depend on, by name. */
  software: z.record(z.string(), z.string()),
  /** When the episode began, in ISO 8601. */
  createdAt: z.iso.datetime(),
});

export type RecordingHeader = z.infer<typeof headerSchema>;
export type EpisodeStart = RecordingHeader['start'];
export type Actor = RecordingHeader['actor'];

/** @throws DataError saying what is wrong with the header, or that a later version wrote it. */
export function parseHeader(value: unknown): RecordingHeader {
  const parsed = headerSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const version = z.object({ formatVersion: z.int().min(RECORDING_VERSION + 1) }).safeParse(value);
  if (version.success)
    throw new DataError(
      `it has version ${version.data.formatVersion} of the format, and this program reads up to ${RECORDING_VERSION}; use a later Reverie`,
    );
  const [issue] = parsed.error.issues;
  throw new DataError(`its header is wrong at '${issue?.path.join('.')}': ${issue?.message}`);
}
