/**
 * The order and the pace of `Executor.map`, which every executor shares: inputs are submitted up to a bound, outputs
 * come in the order of the inputs, and the next input is drawn when an output is taken. How a submitted input is worked
 * on is the executor's own business.
 */

/** The outputs of the inputs, in order, with at most `ahead` of them under way; throws `signal`'s reason at once. */
export async function* inOrder<Input, Output>(
  inputs: Iterable<Input>,
  submit: (input: Input, index: number) => Promise<Output>,
  ahead: number,
  signal?: AbortSignal,
): AsyncGenerator<Output, void, undefined> {
  const underWay: Promise<Output>[] = [];
  let index = 0;
  for (const input of inputs) {
    signal?.throwIfAborted();
    const output = submit(input, index++);
    output.catch(() => {}); // is thrown when its turn comes
    underWay.push(output);
    if (underWay.length === ahead) yield await orAborted(underWay.shift() as Promise<Output>, signal);
  }
  for (const output of underWay) yield await orAborted(output, signal);
}

/** The promise, or the signal's reason if that comes first. */
function orAborted<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
