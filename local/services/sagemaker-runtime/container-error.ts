/** What the container answers instead of an answer: a status and an error body in OpenAI's form. */
export class ContainerError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = 'ContainerError';
    this.status = status;
  }

  get body(): unknown {
    return { error: { message: this.message, type: 'BadRequestError', param: null, code: this.status } };
  }
}

/** The same in TGI's own form. */
export class TgiError extends ContainerError {
  readonly errorType: string;
  constructor(status: number, message: string, errorType: string) {
    super(status, message);
    this.errorType = errorType;
  }

  override get body(): unknown {
    return { error: this.message, error_type: this.errorType };
  }
}

/** A member of the body that has not the form it should have: 422. */
export function misfit(path: string, right: string): ContainerError {
  return new ContainerError(422, `${path}: must be ${right}.`);
}
