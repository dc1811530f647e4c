/**
 * What an agent's proxy and its worker thread say to each other. Calls are numbered, and answered in any order; errors
 * cross as data and come out as the same domain class. Arrays that were made for the message are moved to the other
 * thread, not copied.
 */

import type { Matrix } from '../../models/planning/contracts.ts';
import * as domainErrors from '../../shared/errors.ts';
import type { Frame } from '../../shared/frame.ts';
import type { Agent, AgentPlan, AgentPlanRequest, FillOptions, RenderOptions } from './agent.ts';
import type { PaintingOptions } from './paintingOptions.ts';
import type { Lesson } from './stateReader.ts';

/** What the worker is started with. */
export interface AgentWorkerData extends PaintingOptions {
  /** Address of a module that exports `loadLatentAgent`. */
  readonly module: string;
  readonly directory: string;
  readonly engine?: string;
  readonly threads?: number;
  /** Id of its world, or the module; the card's id unless told. */
  readonly world?: string;
}

/** What such a module exports. */
export interface AgentModule {
  loadLatentAgent(options: Omit<AgentWorkerData, 'module'>): Promise<Agent>;
}

export type AgentCall =
  | { readonly method: 'plan'; readonly request: AgentPlanRequest }
  | { readonly method: 'encode'; readonly frames: readonly Frame[] }
  | { readonly method: 'imagine'; readonly latent: Float32Array; readonly actions: Float32Array }
  | { readonly method: 'render'; readonly latents: Matrix; readonly options: RenderOptions }
  | { readonly method: 'fill'; readonly options: FillOptions }
  | { readonly method: 'learnToRead' }
  | { readonly method: 'dispose' };

/** What an agent is, apart from what it does. */
export type AgentTraits = Pick<Agent, 'world' | 'latentSize' | 'horizon' | 'stepCounts'>;

/** What each method answers. */
export interface AgentAnswers {
  readonly plan: AgentPlan;
  readonly encode: Matrix;
  readonly imagine: Matrix;
  readonly render: Frame[];
  readonly fill: Frame;
  readonly learnToRead: Lesson;
  readonly dispose: undefined;
}

export type AgentAnswer = AgentAnswers[keyof AgentAnswers];

export interface ErrorData {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}

/** From the proxy to the worker. */
export type ToWorker = AgentCall & { readonly id: number };

/** From the worker to the proxy: first `ready` or `failed`, then an answer for each call. */
export type FromWorker =
  | { readonly type: 'ready'; readonly agent: AgentTraits }
  | { readonly type: 'failed'; readonly error: ErrorData }
  | { readonly type: 'answer'; readonly id: number; readonly value: AgentAnswer }
  | { readonly type: 'error'; readonly id: number; readonly error: ErrorData };

/** An error as data. */
export function packError(error: unknown): ErrorData {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message, stack } = error;
  return stack === undefined ? { name, message } : { name, message, stack };
}

/** The error again: of its domain class where it has one, else a plain `Error`. */
export function unpackError({ name, message, stack }: ErrorData): Error {
  const { ReverieError: _abstract, ...concrete } = domainErrors;
  const Domain = Object.values(concrete).find((candidate) => candidate.name === name) ?? Error;
  const error = new Domain(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}

/** An array with a buffer of its own, so that sending it sends nothing else. */
export function compact<T extends Uint8Array | Float32Array>(array: T): T {
  return (array.byteLength === array.buffer.byteLength ? array : array.slice()) as T;
}

/** An answer whose arrays have buffers of their own, and those buffers. */
export function packAnswer(answer: AgentAnswer): { value: AgentAnswer; buffers: ArrayBuffer[] } {
  if (answer === undefined) return { value: undefined, buffers: [] };
  if (Array.isArray(answer)) {
    const frames = answer.map(compact);
    return { value: frames, buffers: buffersOf(frames) };
  }
  if (answer instanceof Uint8Array) {
    const frame = compact(answer);
    return { value: frame, buffers: buffersOf([frame]) };
  }
  if ('actions' in answer) {
    const actions = compact(answer.actions);
    const latents = { ...answer.latents, data: compact(answer.latents.data) };
    return { value: { ...answer, actions, latents }, buffers: buffersOf([actions, latents.data]) };
  }
  if ('done' in answer) return { value: answer, buffers: [] };
  const data = compact(answer.data);
  return { value: { ...answer, data }, buffers: buffersOf([data]) };
}

/** Each buffer once. */
function buffersOf(arrays: readonly (Uint8Array | Float32Array)[]): ArrayBuffer[] {
  return [...new Set(arrays.map((array) => array.buffer as ArrayBuffer))];
}
