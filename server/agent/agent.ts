/**
 * What a live session or an evaluation asks of an agent: plan from a frame towards a goal frame, and paint imagined
 * latents. One contract for the agent in this process (`latentAgent.ts`) and for its proxy to another
 * (`processAgent.ts`), because inference blocks the thread that it runs on.
 */
import type { RolloutNoise } from '../../models/diffusion/frameNoise.ts';
import type { Matrix } from '../../models/planning/contracts.ts';
import type { Frame } from '../../shared/frame.ts';
import type { Guide } from '../../shared/protocol/control.ts';
import type { CandidateSample } from './candidateSample.ts';
import type { Lesson } from './stateReader.ts';

export interface AgentPlanRequest {
  /** What the agent sees now. */
  readonly frame: Frame;
  /** What it saw one step ago; when left out, the world is taken to be at rest. */
  readonly previous?: Frame;
  /** What it should come to see. */
  readonly goal: Frame;
  /** Determines every random draw of the solver. */
  readonly seed: number;
  /** The rest of the previous plan: `[steps left, action]`. */
  readonly warmStart?: Float32Array;
  /** Candidates to give back of each iteration, 1 or more; none when left out. */
  readonly candidates?: number;
  /** Whether to read the state from the latents, once that has been learned; not unless asked. */
  readonly read?: boolean;
}

/** What a linear readout makes of a plan's latents: quantities in the order of the world's spec. */
export interface Reading {
  /** Of what the agent sees now. */
  readonly seen: readonly number[];
  /** Of the last latent that it predicts. */
  readonly foreseen: readonly number[];
}

export interface AgentPlan {
  readonly horizon: number;
  /** `[horizon, action]`. */
  readonly actions: Float32Array;
  /** The latents that the model predicts for these actions: `[horizon, latent]`. */
  readonly latents: Matrix;
  /** Best and mean candidate cost, one entry an iteration of the solver. */
  readonly costs: readonly { readonly best: number; readonly mean: number }[];
  /** What was tried in each iteration, where the request asked for it. */
  readonly candidates?: readonly CandidateSample[];
  /** Where the request asked for it and it has been learned. */
  readonly reading?: Reading;
}

/** A frame some of whose pixels are to be painted anew. */
export interface FillOptions {
  readonly frame: Frame;
  /** A byte a pixel, 1 where it is hidden. */
  readonly hidden: Uint8Array;
  /** What the latent is read off that tells the painter what to paint. */
  readonly guide: Guide;
  /** Steps of the renderer's method, as in `RenderOptions`. */
  readonly steps: number;
  /** Determines the noise. */
  readonly seed: number;
}

export interface RenderOptions {
  /** Steps of the renderer's method; another than the multistep student takes the most that it has up to so many. */
  readonly steps: number;
  /** Determines the noise. */
  readonly seed: number;
  /** How the noises of the call's frames relate; shared unless told. */
  readonly noise?: RolloutNoise;
  /** Frames before the first, the latest last, for an agent whose renderer is told them; none unless told. */
  readonly before?: readonly Frame[];
  /** Place of the first frame in its rollout; 0 unless told. */
  readonly first?: number;
}

export interface Agent {
  /** The world that the agent was trained in. */
  readonly world: string;
  readonly latentSize: number;
  /** Steps of a plan. */
  readonly horizon: number;
  /** Step counts that its renderer has by its method, or the most where it takes any; none without a renderer. */
  readonly stepCounts: readonly number[] | number;
  /** Resolves when it has died or been disposed of; missing where it lives as long as this process. */
  readonly gone?: Promise<unknown>;
  plan(request: AgentPlanRequest): Promise<AgentPlan>;
  /** One latent for each frame of a clip, in order. */
  encode(frames: readonly Frame[]): Promise<Matrix>;
  /** The latents that the model predicts from one latent for actions `[steps, action]`: `[steps, latent]`. */
  imagine(latent: Float32Array, actions: Float32Array): Promise<Matrix>;
  /** One frame for each latent. */
  render(latents: Matrix, options: RenderOptions): Promise<Frame[]>;
  /**
   * The frame with its hidden pixels painted as the guide suggests; all others stay as they are, to the bit.
   * @throws WeightsError when it has no renderer; UsageError when its method cannot edit
   */
  fill(options: FillOptions): Promise<Frame>;
  /** Learns from one more scripted episode to read the state from latents. @throws WorldError when the world breaks down */
  learnToRead(): Promise<Lesson>;
  dispose(): Promise<void>;
}
