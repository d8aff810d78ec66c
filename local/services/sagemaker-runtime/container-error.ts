/** What the container answers instead of an answer: a status and an error body in OpenAI's form. */
export class ContainerError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = 'ContainerError';
    this.status = status;
  }
}

/** A member of the body that has not the form it should have: 422. */
export function misfit(path: string, right: string): ContainerError {
  return new ContainerError(422, `${path}: must be ${right}.`);
}
