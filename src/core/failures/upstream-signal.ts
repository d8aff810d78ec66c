/** How a call to a target went wrong, as the adapter saw it. Facts only: what it means is `classify-failure.ts`. */
export interface UpstreamSignal {
  readonly service: 'bedrock-runtime' | 'sagemaker-runtime';
  /**
   * `answer`: an error answer or an in-stream exception. `connect`: no connection. `reset`: the connection ended
   * early. `timeout`: one of our deadlines. `malformed`: an answer that cannot be read. `incomplete`: the stream
   * ended without its terminal event. `credentials`: the account's role could not be assumed.
   */
  readonly kind: 'answer' | 'connect' | 'reset' | 'timeout' | 'malformed' | 'incomplete' | 'credentials';
  /** Before the answer's head, or inside its stream. */
  readonly phase: 'before' | 'in-stream';
  /** AWS error name, e.g. `ThrottlingException`. Only with `answer`. */
  readonly errorName?: string | undefined;
  readonly httpStatus?: number | undefined;
  /** The upstream's text. May hold account ids: for the trail of an operator, never for a caller unless it is the caller's fault. */
  readonly message: string;
  /** ModelErrorException and SageMaker ModelError: the status of the container behind. */
  readonly originalStatusCode?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  /** Which deadline ended the call. Only with `timeout`. */
  readonly deadline?: 'connect' | 'first-content' | 'between-tokens' | 'total' | undefined;
}
