/** A deployment that failed, with the one thing that failed it: where, and what would have been right. */
export class DeploymentError extends Error {
  /** Stack, and resource or section of its template: `acme-State-us-east-1 RoutesTable`. */
  readonly where: string;
  constructor(where: string, problem: string, cause?: unknown) {
    super(`${where}: ${problem}`, cause === undefined ? undefined : { cause });
    this.name = 'DeploymentError';
    this.where = where;
  }
}

/** The words of an error of any kind. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const named = error.name === 'Error' || error.message.startsWith(error.name) ? '' : `${error.name}: `;
  return `${named}${error.message}`;
}
