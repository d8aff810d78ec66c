/** An error as the Runtime API takes it. */
export function errorBody(error: unknown): {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
} {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] };
}

/** An error with one of the names that Lambda gives to what is wrong with a function's code. */
export function namedError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
