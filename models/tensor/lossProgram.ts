/** A loss without a step: what it says of a batch, for the parameters that a training has come to. */
import { grouped, joined } from './namespaces.ts';
import { signatureOf } from './parameters.ts';
import type { Engine, HostTensor, HostTensors, TensorSpec, Tensors } from './program.ts';
import type { TrainState, TrainStepOptions } from './trainStep.ts';

export interface LossProgram {
  /** The terms of the loss by name, and the loss itself as `loss`. */
  run(state: Pick<TrainState, 'parameters' | 'buffers'>, batch: HostTensors): Promise<Readonly<Record<string, number>>>;
  dispose(): Promise<void>;
}

/** Compiles the loss of a training step alone. */
export async function compileLoss(
  engine: Engine,
  { parameters, buffers = {}, batch, loss }: Pick<TrainStepOptions, 'parameters' | 'buffers' | 'batch' | 'loss'>,
): Promise<LossProgram> {
  const program = await engine.compile(
    (inputs): Tensors => {
      const { parameters: values = {}, batch: examples = {}, buffers: before = {} } = grouped(inputs);
      const result = loss(values, examples, before);
      return { ...result.terms, loss: result.loss };
    },
    joined<TensorSpec>({ parameters: signatureOf(parameters), buffers, batch }),
  );
  return {
    async run({ parameters: values, buffers: before }, examples) {
      const terms = await program.run(joined<HostTensor>({ parameters: values, buffers: before, batch: examples }));
      return Object.fromEntries(Object.entries(terms).map(([name, { data }]) => [name, data[0] as number]));
    },
    dispose: () => program.dispose(),
  };
}
