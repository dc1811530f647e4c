/**
 * What an agent's proxy and its process say to each other, structured-cloned. Calls are numbered, and answered one after
 * another in their order; errors cross as data and come out as the same domain class.
 */

import type { Matrix } from '../../models/planning/contracts.ts';
import * as domainErrors from '../../shared/errors.ts';
import type { Frame } from '../../shared/frame.ts';
import type { Agent, AgentPlan, AgentPlanRequest, FillOptions, RenderOptions } from './agent.ts';
import type { PaintingOptions } from './paintingOptions.ts';
import type { Lesson } from './stateReader.ts';

/** What the process is told first. */
export interface AgentStart extends PaintingOptions {
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
  loadLatentAgent(options: Omit<AgentStart, 'module'>): Promise<Agent>;
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

/** From the proxy to the process, once the agent is loaded. */
export type ToAgent = AgentCall & { readonly id: number };

/** From the process to the proxy: first `ready` or `failed`, then an answer for each call. */
export type FromAgent =
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
