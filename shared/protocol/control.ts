/**
 * Control messages between page and server: JSON text, validated on arrival by the schemas below. Frames travel apart,
 * as binary (`frames.ts`). The types are inferred from the schemas, so that what is checked and what is typed are one
 * thing. A message that fails is answered with an `error` and changes nothing.
 */
import { z } from 'zod';
import { frameTextSchema, maskTextSchema } from './pixels.ts';
import { controlLabelsSchema, gripSchema, poseSchema, readQuantitySchema, shapeSchema } from './scenes.ts';

/** Raised when a message changes its meaning; a page of another version is refused with a readable reason. */
export const PROTOCOL_VERSION = 4;

/** Renderer step counts that a person may choose, where the agent's renderer has them. */
export const RENDERER_STEPS = [1, 2, 4, 8, 16] as const;

const rendererStepsSchema = z.literal(RENDERER_STEPS);
export type RendererSteps = z.infer<typeof rendererStepsSchema>;
const stepCountsSchema = z.array(rendererStepsSchema).min(1);

/** Most futures that may be imagined for a plan. */
export const MAX_FUTURES = 8;

/** Times the world's own speed at which what has happened can be watched. */
export const REPLAY_SPEEDS = [0.25, 0.5, 1, 2, 4] as const;
const replaySpeedSchema = z.literal(REPLAY_SPEEDS);
export type ReplaySpeed = z.infer<typeof replaySpeedSchema>;

/** Most ways in which what was painted over is filled in for one request. */
export const MAX_SAMPLES = 4;

/** What a person chooses about a session. */
export const settingsSchema = z.object({
  world: z.string().min(1).max(200),
  seed: z.number().int().min(0).max(0xffffffff),
  rendererSteps: rendererStepsSchema,
  /** Whether plans come with the paths of candidates of each iteration; not unless asked for. */
  fan: z.boolean().optional(),
  /** Whether plans come with the state that is read from their latents; not unless asked for. */
  reading: z.boolean().optional(),
  /** Futures imagined for each plan beside what would truly happen, the plan's own among them; none unless asked for. */
  futures: z.number().int().min(0).max(MAX_FUTURES).optional(),
});
export type Settings = z.infer<typeof settingsSchema>;

/** Numbers what a person asks for, upwards on each connection; `heard` answers with the number. */
const requestSchema = z.number().int().nonnegative();

/** Where a person drives, each axis as a share of what the world allows; y points down, as in the arena. */
const directionSchema = z.object({ x: z.number().min(-1).max(1), y: z.number().min(-1).max(1) });
export type Direction = z.infer<typeof directionSchema>;

const arrangedSchema = z.enum(['goal', 'body']);
export type Arranged = z.infer<typeof arrangedSchema>;

const drivenWorldSchema = z.enum(['truth', 'dream']);
export type DrivenWorld = z.infer<typeof drivenWorldSchema>;

/** What tells a painter what to fill in: what is left to see, or the whole frame, as the agent knew it. */
const guideSchema = z.enum(['visible', 'whole']);
export type Guide = z.infer<typeof guideSchema>;

/** From the page to the server. */
export const clientMessageSchema = z.discriminatedUnion('type', [
  /**
   * First message of a connection; `resume` takes up the place of a viewer that lost its connection, `session` asks to
   * watch a session beside others, `recording` to replay a recording of the server instead of a live session. `left` is
   * the session to which the page will go back from a recording: it is kept meanwhile, and stands still where nobody
   * else watches it. The page is told once it has ended (`leftEnded`); one that is not known is not spoken of.
   */
  z.object({
    type: z.literal('hello'),
    version: z.number().int(),
    resume: z.string().max(200).optional(),
    session: z.string().max(200).optional(),
    recording: z.string().max(300).optional(),
    left: z.string().max(200).optional(),
  }),
  /** Keeps recordings of the session's tasks from the one under way on, or no more of them. */
  z.object({ type: z.literal('record'), request: requestSchema, on: z.boolean() }),
  /**
   * Changes some of the settings; a new world or seed begins a new episode. Of steps that an auto mode chose, only those
   * of the page whose budget counts are taken. In a replay the renderer steps alone can be changed.
   */
  z.object({
    type: z.literal('configure'),
    request: requestSchema,
    settings: settingsSchema.partial(),
    auto: z.boolean().optional(),
  }),
  /** Transport: `step` advances a paused session by one step; `next` goes on to the next task. */
  z.object({
    type: z.literal('transport'),
    request: requestSchema,
    command: z.enum(['play', 'pause', 'step', 'next']),
  }),
  /**
   * Takes the controls and says where to, or gives them back to the agent: of the true world, or of a dream that begins
   * where the truth then stands.
   */
  z.object({
    type: z.literal('drive'),
    request: requestSchema,
    direction: directionSchema.nullable(),
    world: drivenWorldSchema,
  }),
  /**
   * Carries a shape of the goal, or of the world, by its place in the scene, to a pose; what moves with it comes along.
   * A new episode begins from where the world is, or an `error` says why the shape cannot be there.
   */
  z.object({
    type: z.literal('arrange'),
    request: requestSchema,
    what: arrangedSchema,
    shape: z.number().int().min(0).max(9999),
    pose: poseSchema,
  }),
  /**
   * The page is in auto mode, or not: it chooses renderer steps for its own budget. `chosen` by a person now, it does so
   * for the session; otherwise only where no other page does.
   */
  z.object({ type: z.literal('auto'), request: requestSchema, on: z.boolean(), chosen: z.boolean() }),
  /** Of a recording that is replayed: goes to the state after so many steps, and on at so many times its own speed. */
  z.object({
    type: z.literal('replay'),
    request: requestSchema,
    seek: z.number().int().nonnegative().optional(),
    speed: replaySpeedSchema.optional(),
  }),
  /**
   * Fills in what a person has painted over in a frame, in as many ways as samples, of seeds that follow each other: each
   * is answered with `filled`, to this page alone, or with one `error`.
   */
  z.object({
    type: z.literal('fill'),
    request: requestSchema,
    frame: frameTextSchema,
    hidden: maskTextSchema,
    guide: guideSchema,
    seed: z.number().int().min(0).max(0xffffffff),
    samples: z.number().int().min(1).max(MAX_SAMPLES),
  }),
  /** The page has drawn the message of this sequence number. */
  z.object({
    type: z.literal('ack'),
    seq: z.number().int().nonnegative(),
    drawMs: z.number().nonnegative().optional(),
  }),
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;

export const worldSummarySchema = z.object({ id: z.string(), title: z.string(), description: z.string() });
export type WorldSummary = z.infer<typeof worldSummarySchema>;

/**
 * `running` and `paused` show moving and held pictures; `loading` prepares a world, `failed` says why in an `error`.
 */
export const sessionPhaseSchema = z.enum(['loading', 'running', 'paused', 'failed']);
export type SessionPhase = z.infer<typeof sessionPhaseSchema>;

/**
 * The dream beside a replay: not known while the agent loads; shown, whether the weights of the agent that dreams are
 * those of the agent that acted, and in which step counts it may be painted; or none, with the reason in a sentence.
 */
const replayDreamSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('loading') }),
  z.object({
    state: z.literal('shown'),
    agent: z.enum(['same', 'other', 'unknown']),
    /** Upwards; absent where the agent's renderer has none of them. */
    stepCounts: stepCountsSchema.optional(),
  }),
  z.object({ state: z.literal('none'), reason: z.string() }),
]);

/** From the server to the page. */
export const serverMessageSchema = z.discriminatedUnion('type', [
  /** Answer to `hello`. */
  z.object({
    type: z.literal('welcome'),
    version: z.number().int(),
    session: z.string(),
    /** Number of this viewer in the session, from 1. */
    viewer: z.number().int(),
    resume: z.string(),
    worlds: z.array(worldSummarySchema),
    settings: settingsSchema,
  }),
  /**
   * A request has been obeyed or refused, and this is how the session stands. Whatever the server said before it knew
   * nothing of the request.
   */
  z.object({
    type: z.literal('heard'),
    request: requestSchema,
    settings: settingsSchema,
    /** Whether the clock runs, or will run once the session has loaded. */
    playing: z.boolean(),
  }),
  /** Somebody has changed the settings. */
  z.object({ type: z.literal('settings'), settings: settingsSchema }),
  /** The session that the page has left for a recording has ended: going back begins a new one. */
  z.object({ type: z.literal('leftEnded') }),
  /** Who watches the session, who of them has the controls of which world, and whose budget chooses the steps. */
  z.object({
    type: z.literal('audience'),
    viewers: z.number().int(),
    hands: z.object({ viewer: z.number().int(), world: drivenWorldSchema }).optional(),
    /** Whose frame budget chooses the renderer steps, if any does. */
    auto: z.number().int().optional(),
  }),
  /** A new episode begins: everything needed to draw its physics, and its goal as a scene. */
  z.object({
    type: z.literal('episode'),
    /** Number within the session: the same where a page that lost its connection is told of the episode again. */
    serial: z.number().int(),
    settings: settingsSchema,
    arena: z.object({ width: z.number(), height: z.number() }),
    background: z.string(),
    stepSeconds: z.number(),
    budget: z.number().int(),
    /** What each direction does in the world, and nothing pressed, in words; none where it is not to be driven. */
    controls: controlLabelsSchema.optional(),
    scene: z.array(shapeSchema),
    goal: z.array(shapeSchema),
    /** What can be carried elsewhere, of the goal and of the world alike. */
    grips: z.array(gripSchema),
    /** Step counts that the agent's renderer has, upwards; absent where no agent paints, and in a replay (`replay`). */
    stepCounts: stepCountsSchema.optional(),
    /** Set where the episode is replayed from a recording: nobody can change what happens. */
    recording: z.object({ id: z.string(), createdAt: z.string(), actor: z.string() }).optional(),
  }),
  /** Whether what happens is recorded because a person wants it, or always, by the server's own choice. */
  z.object({ type: z.literal('recording'), on: z.boolean(), always: z.boolean() }),
  /** How fast a recording is replayed, and what is known of the dream beside it; says that it is one. */
  z.object({ type: z.literal('replay'), speed: replaySpeedSchema, dream: replayDreamSchema.optional() }),
  /** A plan was made: what the solver thought and what it took. The imagined frames follow as a binary message. */
  z.object({
    type: z.literal('plan'),
    envStep: z.number().int(),
    horizon: z.number().int(),
    /** Best and mean candidate cost, one entry an iteration. */
    costs: z.array(z.object({ best: z.number(), mean: z.number() })),
    planMs: z.number(),
    renderMs: z.number(),
    /** Steps that were taken. */
    rendererSteps: z.number().int(),
    /** Whose paths the `fan` streams of the frame message hold, and how many of each begin it as elites, best first. */
    fan: z.object({ shape: z.string(), elites: z.array(z.number().int()), fanMs: z.number() }).optional(),
    /** Quantities in the order of the `lesson`: true and read at `envStep`, and as foreseen at the end of the plan. */
    reading: z
      .object({ truth: z.array(z.number()), seen: z.array(z.number()), foreseen: z.array(z.number()) })
      .optional(),
  }),
  /** How far the agent has learned to read the state, in episodes; at the end what it can read, and how well. */
  z.object({
    type: z.literal('lesson'),
    done: z.number().int(),
    total: z.number().int(),
    quantities: z.array(readQuantitySchema).optional(),
  }),
  /** Health of the stream, about once a second. */
  z.object({
    type: z.literal('stats'),
    phase: sessionPhaseSchema,
    envStep: z.number().int(),
    dropped: z.number().int(),
    /** Messages of several futures that never came, because the next plan did. */
    droppedFutures: z.number().int().optional(),
    inFlight: z.number().int(),
    simMs: z.number(),
    planMs: z.number(),
    /** Milliseconds per imagined frame. */
    renderMs: z.number(),
    sendMs: z.number(),
  }),
  /** The phase has changed. */
  z.object({ type: z.literal('phase'), phase: sessionPhaseSchema }),
  /** The episode ended. */
  z.object({ type: z.literal('outcome'), success: z.boolean(), steps: z.number().int() }),
  /** A sample of what was painted over, filled in in so many renderer steps; `sample` counts from 0. */
  z.object({
    type: z.literal('filled'),
    request: requestSchema,
    sample: z.number().int(),
    samples: z.number().int(),
    steps: z.number().int(),
    frame: frameTextSchema,
  }),
  /** Something went wrong: what, and what to do. */
  z.object({ type: z.literal('error'), code: z.string(), message: z.string() }),
]);
export type ServerMessage = z.infer<typeof serverMessageSchema>;
export type ServerMessageOf<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>;
