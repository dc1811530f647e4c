/** What a person asks of a run of training, by the command line or from the page. */
import type { BackboneName } from '../../models/diffusion/network/backboneNames.ts';
import { UsageError } from '../../shared/errors.ts';

/**
 * Which networks to train. Four go on with the agent in the directory: `dynamics` trains predictor and distances for its
 * encoder, `practice` lets it play first and learns them from that too, `things` trains the distance to things alone,
 * where the renderer stays as it is; `renderer` paints its latents.
 */
export const STAGE_CHOICES = ['latent', 'dynamics', 'practice', 'things', 'renderer', 'all'] as const;
export type StageChoice = (typeof STAGE_CHOICES)[number];

/** Whether a stage goes on with the agent in the directory. */
export function goesOnWithAgent(stage: StageChoice): boolean {
  return stage !== 'latent' && stage !== 'all';
}

/** What the renderer is to be, beyond the defaults. */
export interface RendererOptions {
  readonly backbone?: BackboneName;
  readonly context?: number;
  readonly guidable?: boolean;
}

export interface TrainingOptions extends RendererOptions {
  /** Id of a world or path of a module. */
  readonly world: string;
  /** `all`, or what the run was last asked for where it is resumed, unless told. */
  readonly stage?: StageChoice;
  /** In all, interruptions not counted; `DEFAULT_MINUTES` for a run that begins, unless told. */
  readonly minutes?: number;
  /** `DEFAULT_SEED` for a run that begins, unless told. */
  readonly seed?: number;
  /** Where the agent and its checkpoints go; `runs/<world>` unless told. */
  readonly out?: string;
  readonly resume: boolean;
  /** Whether the agent learns from its practice where to begin a search; it does unless told. */
  readonly proposal?: boolean;
  readonly engine: string;
  readonly threads?: number;
}

/** Minutes of a whole run: an hour with what is collected and encoded on the way. */
export const DEFAULT_MINUTES = 54;
export const DEFAULT_SEED = 0;

/** Stages that end with practice. */
const PRACTISING: readonly StageChoice[] = ['latent', 'practice', 'all'];

/** The option that leaves the proposal out, as the command line has it. */
export function writtenProposal(proposal = true): string {
  return proposal ? '' : ' --no-proposal';
}

/** Those of the renderer's options that are given. */
export function givenRenderer({ backbone, context, guidable }: RendererOptions): RendererOptions {
  return {
    ...(backbone !== undefined && { backbone }),
    ...(context !== undefined && { context }),
    ...(guidable && { guidable }),
  };
}

/** The same as options of the command line. */
export function writtenRenderer({ backbone, context, guidable }: RendererOptions): string {
  return [
    ...(backbone === undefined ? [] : [` --backbone ${backbone}`]),
    ...(context === undefined ? [] : [` --context ${context}`]),
    ...(guidable ? [' --guidable'] : []),
  ].join('');
}

/** @throws UsageError when a stage is given options of what it does not learn: the renderer, or the proposal */
export function refuseUntaught({
  stage,
  proposal,
  ...options
}: TrainingOptions & { readonly stage: StageChoice }): void {
  const { backbone: _, ...told } = givenRenderer(options);
  // The latent stage trains none either, but a run keeps which network its renderer will be.
  const renderer = writtenRenderer(stage === 'latent' ? told : givenRenderer(options));
  if (renderer !== '' && stage !== 'renderer' && stage !== 'all')
    throw new UsageError(`the stage "${stage}" trains no renderer; leave out${renderer}, or add --stage renderer`);
  if (proposal === false && !PRACTISING.includes(stage))
    throw new UsageError(`the stage "${stage}" learns no proposal; leave out --no-proposal, or add --stage practice`);
}
