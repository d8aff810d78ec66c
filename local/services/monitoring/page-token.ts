import * as client from '@aws-sdk/client-cloudwatch';

/** A page token says where the next page begins. */
export function writeToken(offset: number): string {
  return Buffer.from(`from:${offset}`).toString('base64url');
}

/** Throws InvalidNextToken for what was never given out. */
export function readToken(token: string, total: number): number {
  const offset = /^from:(\d{1,12})$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (offset === undefined || Number(offset) > total) {
    throw new client.InvalidNextToken({ message: 'The next token is not valid.', $metadata: {} });
  }
  return Number(offset);
}
