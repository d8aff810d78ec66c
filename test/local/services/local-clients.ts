import { createLocalAws, type LocalAws } from '#local/local-aws.ts';

/** A stand-in on a free port that answers at once. */
export function startLocalAws(): Promise<LocalAws> {
  return createLocalAws({ port: 0, timeScale: 0 });
}

/** What a real SDK client needs to speak to the stand-in as an account in a region. */
export function clientConfig(aws: LocalAws, region = 'us-east-1', account = '111111111111') {
  const accessKeyId = `LKIA${account}`;
  return {
    endpoint: aws.url,
    region,
    credentials: { accessKeyId, secretAccessKey: `local-${accessKeyId}` },
    maxAttempts: 1,
  };
}

/** Sends a request to the control API and answers its status and JSON. */
export async function control(
  aws: LocalAws,
  method: string,
  path: string,
  body?: unknown,
  // biome-ignore lint/suspicious/noExplicitAny: JSON of the control API
): Promise<{ readonly status: number; readonly json: any }> {
  const response = await fetch(`${aws.url}/_local/${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return { status: response.status, json: await response.json() };
}
