/** The local AWS with SDK clients of one account and region, closed together. */
import { clientSettings, createConnectionPool } from '#adapters/aws/aws-clients.ts';
import { createLocalAws } from '#local/local-aws.ts';
import { localCredentials } from '#test/builders/local-deployment.ts';

export type LocalClients = Awaited<ReturnType<typeof openLocalClients>>;

export async function openLocalClients() {
  const aws = await createLocalAws({ port: 0 });
  const pool = createConnectionPool();
  return {
    url: aws.url,
    settings: (region: string, account = '111111111111') =>
      clientSettings({ region, credentials: localCredentials(account), endpoint: aws.url }, pool),
    /** Sends a body to the control API and throws when it is refused. */
    async control(method: string, path: string, body?: unknown): Promise<unknown> {
      const response = await fetch(`${aws.url}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    },
    async close(): Promise<void> {
      pool.close();
      await aws.close();
    },
  };
}
