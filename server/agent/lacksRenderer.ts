/**
 * What is said where an agent without a renderer is to paint: the command that gives it one, whether its directory holds
 * the run that trained it or only a copy.
 */
import { WeightsError } from '../../shared/errors.ts';

/** `world` is its id or path, as `--world` takes it. */
export function lacksRenderer(directory: string, world: string): WeightsError {
  return new WeightsError(
    `the agent in "${directory}" has no renderer yet; train it with \`reverie train --world ${world} --stage renderer --out ${directory}\``,
  );
}
