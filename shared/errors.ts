/**
 * The errors that a user meets. Each message is one sentence that names the value at fault and what to do about it; the
 * command line prints it bare and exits with `exitCode`. Anything else that is thrown is a defect of ours.
 */
export abstract class ReverieError extends Error {
  /** Exit status of a command that ends with this error: 1 the run failed, 2 wrong usage. */
  readonly exitCode: 1 | 2 = 1;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The command was called wrongly: an unknown world, flag or value. */
export class UsageError extends ReverieError {
  override readonly exitCode = 2;
}

/** A world broke its contract, or was asked for something that it cannot do. */
export class WorldError extends ReverieError {}

/** A weight file or card is missing, damaged, or does not fit the model. */
export class WeightsError extends ReverieError {}

/** A dataset or recording is missing, damaged, or belongs to another world. */
export class DataError extends ReverieError {}

/** A training run cannot go on: a loss is NaN, or its checkpoint does not fit. */
export class TrainingError extends ReverieError {}

/** The tensor engine cannot trace, load or run a program. */
export class EngineError extends ReverieError {}

/** The live server cannot start or a session cannot go on. */
export class ServerError extends ReverieError {}
