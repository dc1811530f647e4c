/**
 * What the process that tries a world out is told, and what it says. It is told everything in one argument, and it
 * speaks in lines of JSON on a pipe of its own: writing is then synchronous, so that what a check found is out before
 * the next one hangs or ends the process, and the world's own prints cannot mix with it.
 *
 * Every line carries the job's token, and lines without it are not read: a world that writes to the pipe by accident
 * is not taken for a check. It is no defence against one that means harm, which shares the process.
 */
import { z } from 'zod';

const jobSchema = z.object({
  token: z.string(),
  /** As the person named the world. */
  source: z.string(),
  /** Names of the checks to try. */
  only: z.array(z.string()),
  size: z.enum(['full', 'quick', 'scant']).optional(),
  /** For each check. */
  seconds: z.number().positive(),
  /** Of the whole process. */
  megabytes: z.number().positive(),
});

export type Job = z.infer<typeof jobSchema>;

const resultSchema = z.object({
  name: z.string(),
  ok: z.boolean(),
  detail: z.string(),
  mend: z.string().optional(),
  remarks: z.array(z.string()).optional(),
});

/** JSON writes `null` for what is not finite. */
const stateSchema = z.record(
  z.string(),
  z
    .number()
    .nullable()
    .transform((value) => value ?? Number.NaN),
);

const traceSchema = z.object({
  entries: z.array(z.object({ where: z.string(), state: stateSchema, frame: z.string() })),
  mend: z.string(),
});

const effectsSchema = z.object({
  /** Globals whose values were replaced, and such as were added. */
  replaced: z.array(z.string()),
  added: z.array(z.string()),
  /** What was thrown outside every check: rejections that nobody handled, errors in timers. */
  thrown: z.array(z.string()),
  /** What keeps the process from ending by itself: timers, sockets. */
  open: z.array(z.string()),
});

export type Effects = z.infer<typeof effectsSchema>;

const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('world'), id: z.string() }),
  z.object({ kind: z.literal('begin'), check: z.string() }),
  z.object({ kind: z.literal('result'), result: resultSchema }),
  z.object({ kind: z.literal('trace'), trace: traceSchema }),
  z.object({ kind: z.literal('effects'), effects: effectsSchema }),
  /** There is no such world. */
  z.object({ kind: z.literal('unknown'), message: z.string(), stack: z.string() }),
  /** Why the process ends before its time; `at` is where the world's code was. */
  z.object({
    kind: z.literal('stopped'),
    reason: z.enum(['time', 'memory', 'exit', 'idle']),
    /** Megabytes held, or the status that was exited with. */
    amount: z.number(),
    at: z.string().optional(),
  }),
  z.object({ kind: z.literal('done') }),
]);

export type Message = z.infer<typeof messageSchema>;

/** The job in a process's argument. */
export function readJob(argument: string | undefined): Job {
  return jobSchema.parse(JSON.parse(argument ?? ''));
}

/** The message in a line; `undefined` when the line is none of this job's. */
export function readMessage(token: string, line: string): Message | undefined {
  try {
    const envelope: unknown = JSON.parse(line);
    const { success, data } = z.object({ token: z.literal(token), message: messageSchema }).safeParse(envelope);
    return success ? data.message : undefined;
  } catch {
    return undefined;
  }
}
