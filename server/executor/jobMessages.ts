/**
 * What an executor and its worker threads say to each other, and how data cross: copied by the structured clone
 * algorithm, except that arrays of an output that fill their buffers are moved, which costs nothing whatever their
 * size.
 */
import * as domainErrors from '../../shared/errors.ts';
import { type ErrorData, unpackError } from '../agent/agentMessages.ts';
import { ExecutorError, type Job } from './executor.ts';

/** To the worker: one input at a time. */
export interface JobCall {
  readonly job: Job<unknown, unknown>;
  readonly input: unknown;
}

/** From the worker: what became of it. */
export type JobAnswer =
  | { readonly type: 'output'; readonly output: unknown }
  | { readonly type: 'error'; readonly error: ErrorData };

/** The buffers in plain data that can be moved: each once, and only where an array fills its buffer. */
export function movableBuffers(data: unknown, found: Set<ArrayBuffer> = new Set()): ArrayBuffer[] {
  if (ArrayBuffer.isView(data)) {
    const { buffer } = data;
    if (buffer instanceof ArrayBuffer && data.byteLength === buffer.byteLength) found.add(buffer);
  } else if (Array.isArray(data)) {
    for (const item of data) movableBuffers(item, found);
  } else if (isRecord(data)) {
    for (const item of Object.values(data)) movableBuffers(item, found);
  }
  return [...found];
}

function isRecord(data: unknown): data is Readonly<Record<string, unknown>> {
  if (typeof data !== 'object' || data === null) return false;
  const prototype: unknown = Object.getPrototypeOf(data);
  return prototype === Object.prototype || prototype === null;
}

/** The job's error as its caller meets it: of the same class, its message begun with what the input is called. */
export function aboutInput(label: string, error: ErrorData): Error {
  const message = `${label}: ${error.message}`;
  if (error.name === ExecutorError.name) return new ExecutorError(message);
  const own = Object.hasOwn(domainErrors, error.name);
  // A domain error is a sentence for people; anything else is a defect, whose stack leads to it.
  return unpackError(own ? { name: error.name, message } : { ...error, message });
}
