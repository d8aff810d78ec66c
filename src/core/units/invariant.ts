/** A programmer's error: something that no input can cause. Ends the invocation; never shown to a caller. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/**
 * States what must hold here. Not for checking input: bad input gets an error that names path and value.
 *
 * @param message a function where every request passes: the sentence is then made only when it is needed
 * @throws InvariantError when the condition is false
 */
export function invariant(condition: boolean, message: string | (() => string)): asserts condition {
  if (!condition) throw new InvariantError(typeof message === 'string' ? message : message());
}
