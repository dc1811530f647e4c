/**
 * A trained latent model behind the planning contract, with the learned distances and the proposal that come with it.
 * Programs are compiled once for each batch shape and kept; the weights are constants inside them.
 */

import * as tf from '@tensorflow/tfjs';
import { FRAME_BYTES, type Frame } from '../../shared/frame.ts';
import type { Space } from '../../shared/space.ts';
import { batchNormInference } from '../nn/batchNorm.ts';
import { unpackBackdrop } from '../pictures/backdrop.ts';
import type { Dynamics, Matrix, Objective, Rollout, ScoreQuery, Slope } from '../planning/contracts.ts';
import { overSteps, type StepWeights, toldAfter, tracedOverSteps } from '../planning/objectives.ts';
import { toActions } from '../planning/searchUnits.ts';
import { constants } from '../tensor/constants.ts';
import { type Engine, float32, type HostTensor, type HostTensors, type Program } from '../tensor/program.ts';
import { actionFeatureSize, actionFeatures, actionGradients } from './actionFeatures.ts';
import { PATCH_CHANNELS, PATCH_GRID, writeInk } from './ink.ts';
import { keypoints, poseSizeOf } from './keypointEncoder.ts';
import type { LatentModelConfig } from './latentLoss.ts';
import { latentSizeOf, withMotion } from './motion.ts';
import { rollOut } from './predictor.ts';
import { propose } from './proposal.ts';
import { compileScore } from './scoreProgram.ts';
import { temporalDistance } from './temporalDistance.ts';
import { THING_MASK, thingDistance } from './thingDistance.ts';

/**
 * Everything that inference needs: `encoder/…`, `predictor/…`, `distance/…`, the running `mean` and `variance`, the
 * `backdrop`, for agents that tell things from their body `things/…` and `thingMask`, and for those that have practised
 * `proposal/…`.
 */
export interface LatentWeights {
  readonly config: LatentModelConfig;
  readonly tensors: HostTensors;
}

/**
 * Frames encoded at a time; fewer are filled up to it, but for the one or two that a plan begins from. Two batches hold
 * an episode of 50 steps.
 */
const ENCODE_BATCH = 26;

export class LearnedDynamics implements Dynamics {
  readonly latentSize: number;
  /** Of the actions that it predicts by. */
  readonly space: Space;
  private readonly engine: Engine;
  private readonly weights: LatentWeights;
  private readonly backdrop: Frame;
  private readonly programs = new Map<string, Promise<Program>>();

  constructor(engine: Engine, weights: LatentWeights) {
    this.engine = engine;
    this.weights = weights;
    this.latentSize = latentSizeOf(weights.config);
    this.space = weights.config.actions;
    this.backdrop = unpackBackdrop(weights.tensors.backdrop as HostTensor);
  }

  /** The frames are taken as a clip, see `motion.ts`. */
  async encode(frames: readonly Frame[]): Promise<Matrix> {
    const poses = await this.encodePoses(frames);
    return this.weights.config.frames === 2 ? withMotion(poses) : poses;
  }

  /** The latent of a moment, given what was seen one step before it, if anything: `[latent]`. */
  async encodeMoment(frame: Frame, previous?: Frame): Promise<Float32Array> {
    const { data } = await this.encode(previous ? [previous, frame] : [frame]);
    return data.slice(-this.latentSize);
  }

  private async encodePoses(frames: readonly Frame[]): Promise<Matrix> {
    const size = poseSizeOf(this.weights.config.encoder);
    const data = new Float32Array(frames.length * size);
    for (let start = 0; start < frames.length; start += ENCODE_BATCH) {
      const chunk = frames.slice(start, start + ENCODE_BATCH);
      const batch = chunk.length <= 2 ? chunk.length : ENCODE_BATCH;
      const patches = new Float32Array(batch * FRAME_BYTES);
      chunk.forEach((frame, i) => {
        writeInk(frame, this.backdrop, patches, i * FRAME_BYTES);
      });
      const shape = [batch, PATCH_GRID, PATCH_GRID, PATCH_CHANNELS];
      const program = await this.encodeProgram(batch, shape);
      const { latents } = await program.run({ frames: float32(patches, shape) });
      const values = latents?.data as Float32Array;
      data.set(values.subarray(0, chunk.length * size), start * size);
    }
    return { rows: frames.length, columns: size, data };
  }

  async rollout(latent: Float32Array, actions: Float32Array, candidates: number, horizon: number): Promise<Rollout> {
    const features = actionFeatures(this.weights.config.actions, actions);
    const program = await this.rolloutProgram(candidates, horizon);
    const { latents } = await program.run({
      start: float32(latent, [1, this.latentSize]),
      actions: float32(features, [candidates, horizon, features.length / (candidates * horizon)]),
    });
    return { candidates, horizon, latentSize: this.latentSize, latents: latents?.data as Float32Array };
  }

  async score(query: ScoreQuery): Promise<Float32Array> {
    const { costs, survivors } = await this.scored(query, false);
    if (survivors === undefined) return costs?.data as Float32Array;
    const all = new Float32Array(query.candidates).fill(Number.POSITIVE_INFINITY);
    for (const [i, survivor] of survivors.data.entries()) all[Number(survivor)] = costs?.data[i] as number;
    return all;
  }

  async slope(query: ScoreQuery): Promise<Slope> {
    const { costs, gradients } = await this.scored(query, true);
    const slopes = gradients?.data as Float32Array;
    return {
      costs: costs?.data as Float32Array,
      gradients: actionGradients(this.weights.config.actions, slopes),
    };
  }

  /** Learned steps from the rollout's latents to the goal latent `[latent]`, weighted over the plan's steps. */
  temporalDistance(goal: Float32Array, weights: StepWeights): Objective {
    const { config, tensors } = this.weights;
    return this.learnedDistance('temporal distance', goal, weights, (from, to) =>
      temporalDistance(constants(tensors), from, to, config.distance.heads),
    );
  }

  /** Learned steps, in log(1 + steps), until the goal's things are there; nothing where the agent knows no things. */
  thingDistance(goal: Float32Array, weights: StepWeights): Objective | undefined {
    const { config, tensors } = this.weights;
    if (config.things === undefined) return undefined;
    const { heads } = config.things;
    return this.learnedDistance('thing distance', goal, weights, (from, to) => {
      const params = constants(tensors);
      return thingDistance(params, from, to, params[THING_MASK] as tf.Tensor1D, heads);
    });
  }

  /**
   * Ways to come from a latent to a goal latent, both `[latent]`, as actions `[steps, action]` in the world's own units;
   * none where the agent has not learned to propose.
   */
  async propose(latent: Float32Array, goal: Float32Array): Promise<readonly Float32Array[]> {
    const { proposal, encoder } = this.weights.config;
    if (proposal === undefined || this.space.kind === 'discrete') return [];
    const shape = [1, this.latentSize];
    const program = await this.compiled('propose', () =>
      this.engine.compile(
        ({ from, to }) => ({
          actions: propose(
            constants(this.weights.tensors),
            from as tf.Tensor2D,
            to as tf.Tensor2D,
            poseSizeOf(encoder),
            proposal,
          ),
        }),
        { from: { shape }, to: { shape } },
      ),
    );
    const { actions } = await program.run({ from: float32(latent, shape), to: float32(goal, shape) });
    const all = toActions(actions?.data as Float32Array, this.space);
    const size = all.length / proposal.ways;
    return Array.from({ length: proposal.ways }, (_, way) => all.subarray(way * size, (way + 1) * size));
  }

  async dispose(): Promise<void> {
    const programs = await Promise.all(this.programs.values());
    this.programs.clear();
    await Promise.all(programs.map((program) => program.dispose()));
  }

  private async scored(query: ScoreQuery, withGradients: boolean): Promise<HostTensors> {
    const { latent, actions, candidates, horizon, cost, survivors = candidates } = query;
    const features = actionFeatures(this.weights.config.actions, actions);
    const shape = [candidates, horizon, features.length / (candidates * horizon)] as const;
    const key = `score ${candidates} ${survivors} ${horizon} ${withGradients} ${cost.key}`;
    const program = await this.compiled(key, () =>
      compileScore(this.engine, this.weights, { shape, survivors, latentSize: this.latentSize, cost, withGradients }),
    );
    const start = float32(latent, [1, this.latentSize]);
    return program.run({ start, actions: float32(features, shape), ...cost.feeds });
  }

  private encodeProgram(batch: number, shape: readonly number[]): Promise<Program> {
    return this.compiled(`encode ${batch}`, () =>
      this.engine.compile(
        (inputs) => {
          const params = constants(this.weights.tensors);
          const { positions } = keypoints(params, inputs.frames as tf.Tensor, this.weights.config.encoder);
          return { latents: batchNormInference(positions, params.mean as tf.Tensor, params.variance as tf.Tensor) };
        },
        { frames: { shape } },
      ),
    );
  }

  private rolloutProgram(candidates: number, horizon: number): Promise<Program> {
    const { actions, predictor } = this.weights.config;
    const width = actionFeatureSize(actions);
    return this.compiled(`rollout ${candidates} ${horizon}`, () =>
      this.engine.compile(
        (inputs) => {
          const params = constants(this.weights.tensors);
          const start = tf.tile(inputs.start as tf.Tensor2D, [candidates, 1]);
          const steps = rollOut(params, start, inputs.actions as tf.Tensor3D, predictor);
          return { latents: tf.stack(steps, 1) }; // [candidates, horizon, latent]
        },
        { start: { shape: [1, this.latentSize] }, actions: { shape: [candidates, horizon, width] } },
      ),
    );
  }

  /** `distance` is from `[batch, latent]` to `[1, latent]`, `[batch]`. */
  private learnedDistance(
    name: string,
    goal: Float32Array,
    weights: StepWeights,
    distance: (from: tf.Tensor2D, to: tf.Tensor2D) => tf.Tensor1D,
  ): Objective {
    const feeds = { goal: float32(goal, [1, this.latentSize]) };
    return {
      traced: {
        key: `${name} ${weights.mean} ${weights.last}`,
        feeds,
        cost: (latents, { goal: target }, part) => {
          const [steps, candidates] = latents.shape;
          const from = tf.reshape(latents, [steps * candidates, this.latentSize]) as tf.Tensor2D;
          const distances = distance(from, target as tf.Tensor2D);
          return tracedOverSteps(tf.reshape(distances, [steps, candidates]), weights, part);
        },
        tellsAfter: toldAfter(weights),
      },
      cost: async (rollout) => {
        const rows = rollout.candidates * rollout.horizon;
        const program = await this.compiled(`${name} ${rows}`, () =>
          this.engine.compile(
            (inputs) => ({ distance: distance(inputs.from as tf.Tensor2D, inputs.goal as tf.Tensor2D) }),
            { from: { shape: [rows, this.latentSize] }, goal: { shape: [1, this.latentSize] } },
          ),
        );
        const from = float32(rollout.latents, [rows, this.latentSize]);
        const result = await program.run({ from, ...feeds });
        return overSteps(result.distance?.data as Float32Array, rollout, weights);
      },
    };
  }

  private compiled(key: string, compile: () => Promise<Program>): Promise<Program> {
    const existing = this.programs.get(key);
    if (existing) return existing;
    const program = compile();
    this.programs.set(key, program);
    return program;
  }
}
