/**
 * What a trained renderer is: one network shape and three sets of values for it, each the start of the next. The
 * regression decoder is the honest baseline, the base is the diffusion model that teaches, the student is what a live
 * session paints with. As a file all three lie side by side in one flat list of named tensors.
 */
import { FRAME_CHANNELS, FRAME_SIZE, type Frame } from '../../shared/frame.ts';
import { signatureOf } from '../tensor/parameters.ts';
import type { HostTensor, HostTensors, Signature, TensorSpec } from '../tensor/program.ts';
import { checkTensors } from '../tensor/safetensors.ts';
import { type DenoiserConfig, denoiserSpecs } from './network/denoiser.ts';
import { STEPS_KERNEL, STUDENT_STEPS } from './network/studentSteps.ts';
import { type ExtraNetwork, RENDERER_NETWORKS, type RendererNetwork } from './networks.ts';

export interface RendererWeights {
  readonly config: DenoiserConfig;
  /** What pictures are differences from. */
  readonly backdrop: Frame;
  /** The three of every renderer, and those that were trained besides. */
  readonly networks: Readonly<Record<RendererNetwork, HostTensors> & Partial<Record<ExtraNetwork, HostTensors>>>;
}

const backdropSpec = { shape: [FRAME_SIZE, FRAME_SIZE, FRAME_CHANNELS], dtype: 'int32' } as const;

/** The three networks as named tensors: `backdrop`, and each network's parameters under its name. */
export function packRenderer({ backdrop, networks }: RendererWeights): HostTensors {
  const packed: Record<string, HostTensors[string]> = {
    backdrop: { ...backdropSpec, data: Int32Array.from(backdrop) },
  };
  for (const network of RENDERER_NETWORKS)
    for (const [name, tensor] of Object.entries(networks[network])) packed[`${network}/${name}`] = tensor;
  return packed;
}

/**
 * The inverse of `packRenderer`. @throws WeightsError naming a tensor that is missing, unknown, or not as the
 * configuration wants it
 */
export function unpackRenderer(packed: HostTensors, config: DenoiserConfig): RendererWeights {
  const signature = signatureOf(denoiserSpecs(config));
  const expected: Record<string, TensorSpec> = { backdrop: backdropSpec };
  for (const network of RENDERER_NETWORKS) {
    const own = asKnown(signature, packed[`${network}/${STEPS_KERNEL}`]);
    for (const [name, spec] of Object.entries(own)) expected[`${network}/${name}`] = spec;
  }
  const tensors = checkTensors(packed, expected);
  const take = (network: RendererNetwork): HostTensors =>
    Object.fromEntries(Object.keys(signature).map((name) => [name, tensors[`${network}/${name}`] as HostTensor]));
  return {
    config,
    backdrop: Uint8Array.from(tensors.backdrop?.data ?? []),
    networks: { regression: take('regression'), base: take('base'), student: take('student') },
  };
}

/**
 * One further network of such a renderer.
 * @throws WeightsError naming a tensor that is missing, unknown, or not as the configuration wants it
 */
export function checkNetwork(tensors: HostTensors, config: DenoiserConfig): HostTensors {
  return checkTensors(tensors, asKnown(signatureOf(denoiserSpecs(config)), tensors[STEPS_KERNEL]));
}

/** The signature, with as many step counts as the network was trained with: there were four once. */
function asKnown(signature: Signature, kernel: HostTensor | undefined): Signature {
  const spec = signature[STEPS_KERNEL];
  const rows = kernel?.shape[0] ?? 0;
  if (!spec || rows < 4 || rows >= STUDENT_STEPS.length) return signature;
  return { ...signature, [STEPS_KERNEL]: { shape: [rows, ...spec.shape.slice(1)] } };
}
