/**
 * An error that the wire layer itself answers, as AWS's own front door does: authentication, routing, decoding.
 * Services throw the error classes of their SDK client instead.
 */
export class WireError extends Error {
  readonly status: number;
  /** Seconds for a Retry-After header. */
  retryAfterSeconds: number | undefined;
  /** What the service's model of the error holds beside its message. */
  members: Readonly<Record<string, unknown>> = {};

  constructor(name: string, status: number, message: string) {
    super(message);
    this.name = name;
    this.status = status;
  }

  /** The same error with a Retry-After header. */
  retryAfter(seconds: number | undefined): WireError {
    this.retryAfterSeconds = seconds;
    return this;
  }

  /** The same error with what its model holds beside the message; members that are not modelled stay out. */
  with(members: Readonly<Record<string, unknown>>): WireError {
    this.members = members;
    return this;
  }
}

/** The input could not be read as the operation's shape: JSON that does not parse, or a wrong JSON type. */
export function serializationError(message: string): WireError {
  return new WireError('SerializationException', 400, message);
}

/** The input reads, and breaks the shape. The wire layer renames it to what the service models. */
export class InvalidInput extends Error {
  constructor(problems: readonly string[]) {
    super(
      `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected: ${problems.join('; ')}`,
    );
    this.name = 'InvalidInput';
  }
}
