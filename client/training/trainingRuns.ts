/**
 * The server's training runs, as the page asks for them by HTTP: the list, a new one, stop and resume, and the losses of
 * one from a byte of its log on. What goes wrong is a sentence for the person.
 */
import type { z } from 'zod';
import {
  type TrainingRequest,
  type TrainingSummary,
  trainingAcceptedSchema,
  trainingListSchema,
  trainingMetricsSchema,
  trainingRefusedSchema,
} from '../../shared/protocol/trainings.ts';

/** After which a question counts as unanswered, in milliseconds; what is asked to be done may take longer. */
const QUESTION_MS = 20_000;
const ORDER_MS = 60_000;

/** Why something of training could not be asked or done, in a sentence. */
export class TrainingTrouble extends Error {}

/** The server does not train, and says why. */
export class NoTraining extends TrainingTrouble {}

/** A part of a run's losses. */
export type TrainingMetrics = z.infer<typeof trainingMetricsSchema>;

export class TrainingRuns {
  private readonly address: (path: string) => URL;

  /** `address` is that of a path beside the page, with the token. */
  constructor(address: (path: string) => URL) {
    this.address = address;
  }

  /** Newest first. @throws TrainingTrouble when the server does not say, NoTraining when it does not train */
  async list(): Promise<readonly TrainingSummary[]> {
    const reply = await ask(this.address('trainings'));
    if (reply.status === 404) throw new NoTraining(refusalOf(reply));
    return parsed(trainingListSchema, reply).trainings;
  }

  /** Begins a run; its id. @throws TrainingTrouble saying why it does not begin */
  async start(request: TrainingRequest): Promise<string> {
    const body = JSON.stringify(request);
    const headers = { 'content-type': 'application/json' };
    const reply = await order(this.address('trainings'), { headers, body });
    return parsed(trainingAcceptedSchema, reply).id;
  }

  /** Asks a run to save its state and end for now. @throws TrainingTrouble saying why it does not */
  async stop(id: string): Promise<void> {
    await this.tell(id, 'stop');
  }

  /** Takes a run up where its state was saved. @throws TrainingTrouble saying why it does not go on */
  async resume(id: string): Promise<void> {
    await this.tell(id, 'resume');
  }

  /** Losses from this byte of the run's log on. @throws TrainingTrouble when the server does not say */
  async metrics(id: string, from: number): Promise<TrainingMetrics> {
    const address = this.address(`trainings/${encodeURIComponent(id)}/metrics`);
    address.searchParams.set('from', String(from));
    return parsed(trainingMetricsSchema, await ask(address));
  }

  private async tell(id: string, what: 'stop' | 'resume'): Promise<void> {
    const address = this.address(`trainings/${encodeURIComponent(id)}/${what}`);
    parsed(trainingAcceptedSchema, await order(address));
  }
}

/** What came back; a body that is no JSON is none. */
interface Reply {
  readonly status: number;
  readonly ok: boolean;
  readonly body: unknown;
}

/** A question, which changes nothing. */
function ask(address: URL): Promise<Reply> {
  return replyOf(address, {}, QUESTION_MS, 'The server did not answer; see whether it still runs.');
}

/** Something to be done, of which nobody knows what has become where no answer comes in time. */
function order(address: URL, request: RequestInit = {}): Promise<Reply> {
  const late = `The server has not answered for ${ORDER_MS / 1000} s. It may still do what it was asked to: the list shows it then.`;
  return replyOf(address, { ...request, method: 'POST' }, ORDER_MS, late);
}

/** @throws TrainingTrouble when the server cannot be reached, or with `late` when it does not answer in time */
async function replyOf(address: URL, request: RequestInit, patienceMs: number, late: string): Promise<Reply> {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), patienceMs);
  try {
    const response = await fetch(address, { ...request, signal: giveUp.signal });
    const text = await response.text();
    return { status: response.status, ok: response.ok, body: jsonOf(text) };
  } catch {
    throw new TrainingTrouble(giveUp.signal.aborted ? late : 'The server did not answer; see whether it still runs.');
  } finally {
    clearTimeout(timer);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parsed<T>(schema: z.ZodType<T>, reply: Reply): T {
  if (!reply.ok) throw new TrainingTrouble(refusalOf(reply));
  const result = schema.safeParse(reply.body);
  if (!result.success)
    throw new TrainingTrouble('The server answered something that this page does not know; reload the page.');
  return result.data;
}

function refusalOf({ status, body }: Reply): string {
  const refused = trainingRefusedSchema.safeParse(body);
  return refused.success ? refused.data.message : `The server answered ${status} about training; reload the page.`;
}
