/** Why local mode could not start, in words that say what to do. */
export class BadStart extends Error {
  readonly isBadUse: boolean;
  constructor(message: string, isBadUse: boolean) {
    super(message);
    this.name = 'BadStart';
    this.isBadUse = isBadUse;
  }
}

/** What to do about a port that cannot be had; any other error as it is. */
export function listenFailure(
  error: unknown,
  wanted: { readonly option: string; readonly first: number; readonly count: number },
): unknown {
  const { code, port } = error as { code?: string; port?: number };
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return error;
  const range =
    wanted.count === 1
      ? `port ${wanted.first}`
      : `ports ${wanted.first} to ${wanted.first + wanted.count - 1}`;
  return new BadStart(
    `Port ${port} ${code === 'EACCES' ? 'may not be used' : 'is taken'}; ${wanted.option} needs ${range}. Stop what listens there, or choose others: ${wanted.option} <n>, 0 picks free ones.`,
    false,
  );
}
