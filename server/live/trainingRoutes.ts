/**
 * Trainings by HTTP, as `shared/protocol/trainings.ts` has it: listed, begun, stopped, resumed, and their losses.
 */
import { z } from 'zod';
import { type TrainingRequest, trainingRequestSchema } from '../../shared/protocol/trainings.ts';
import type { TrainingRuns } from '../training/runs/trainingRuns.ts';
import type { AdmissionConfig } from './admission.ts';
import { type Answer, type Asked, answerAdmitted, bodyOf, giveJson, pathBelow, said } from './jsonAnswers.ts';

const ROOT = '/trainings';

const MOST_BODY_BYTES = 4096;

const fromSchema = z.coerce.number().int().nonnegative();

export interface TrainingRoutes extends Asked {
  readonly admission: AdmissionConfig;
  readonly trainings?: TrainingRuns;
  readonly onDefect: (error: unknown) => void;
}

/** Whether a request is for trainings. */
export function isTrainingAddress({ pathname }: URL): boolean {
  return pathname === ROOT || pathname.startsWith(`${ROOT}/`);
}

/** Answers a request for trainings; never rejects. */
export function answerTrainings(routes: TrainingRoutes): Promise<void> {
  return answerAdmitted(routes, routes.admission, routes.onDefect, async () => {
    giveJson(routes, routes.trainings === undefined ? OFF : await answerOf(routes, routes.trainings));
  });
}

const OFF: Answer = { status: 404, body: said('This server trains nothing; start it without `--no-training`.') };
const NOWHERE: Answer = { status: 404, body: said('There is nothing here.') };
const NOT_SO: Answer = { status: 405, body: said('This is not asked for in that way.') };

async function answerOf(asked: TrainingRoutes, trainings: TrainingRuns): Promise<Answer> {
  const { method } = asked.request;
  const [id, what, ...rest] = pathBelow(asked.address, ROOT);
  if (rest.length > 0) return NOWHERE;
  if (id === undefined) {
    if (method === 'GET') return { status: 200, body: { trainings: await trainings.list() } };
    return method === 'POST' ? begin(asked, trainings) : NOT_SO;
  }
  switch (what) {
    case 'metrics': {
      if (method !== 'GET') return NOT_SO;
      const { data: from } = fromSchema.safeParse(asked.address.searchParams.get('from') ?? 0);
      if (from === undefined) return { status: 422, body: said('`from` must be a count of bytes.') };
      return { status: 200, body: await trainings.metrics(id, from) };
    }
    case 'stop':
    case 'resume':
      if (method !== 'POST') return NOT_SO;
      await (what === 'stop' ? trainings.stop(id) : trainings.resume(id));
      return { status: 202, body: { id } };
    default:
      return NOWHERE;
  }
}

async function begin(asked: Asked, trainings: TrainingRuns): Promise<Answer> {
  const body = await bodyOf(asked, MOST_BODY_BYTES);
  if (body === undefined) return { status: 413, body: said('The request is too long.') };
  const request = parsed(body.toString());
  return 'refusal' in request
    ? { status: 422, body: said(request.refusal) }
    : { status: 201, body: { id: await trainings.begin(request) } };
}

function parsed(text: string): TrainingRequest | { readonly refusal: string } {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return { refusal: 'The request is no JSON.' };
  }
  const { data, error } = trainingRequestSchema.safeParse(raw);
  if (data !== undefined) return data;
  const [issue] = error.issues;
  return { refusal: `The training cannot begin so (${issue?.path.join('.') || 'the whole'}: ${issue?.message}).` };
}
