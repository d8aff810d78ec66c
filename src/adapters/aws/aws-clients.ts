/**
 * SDK clients of the control plane: one attempt (the caller retries), short connects, kept connections, and every
 * service at one URL where `endpoint` says so.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { AwsCredentials } from './sigv4-signer.ts';

export interface AwsAccess {
  readonly region: string;
  readonly credentials: AwsCredentials | (() => Promise<AwsCredentials>);
  /** Every service at this one URL. @default - `AWS_ENDPOINT_URL` as the SDK reads it, else AWS */
  readonly endpoint?: string | undefined;
}

const CONNECT_MS_MAX = 2_000;
/** Below the 350 s after which NAT gateways and interface endpoints drop an idle connection without a word. */
const IDLE_MS_MAX = 50_000;
const SOCKETS_MAX = 64;

const agentOptions = { keepAlive: true, maxSockets: SOCKETS_MAX, timeout: IDLE_MS_MAX };

/** Kept connections, shared by every client that is opened with them. */
export interface ConnectionPool {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  close(): void;
}

export function createConnectionPool(): ConnectionPool {
  const httpAgent = new HttpAgent(agentOptions);
  const httpsAgent = new HttpsAgent(agentOptions);
  return {
    httpAgent,
    httpsAgent,
    close: () => {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

/** What every SDK client of ours is made with. Many clients may share one pool. */
export function clientSettings(access: AwsAccess, pool: ConnectionPool) {
  const { region, credentials, endpoint } = access;
  const { httpAgent, httpsAgent } = pool;
  return {
    region,
    credentials,
    maxAttempts: 1,
    requestHandler: { connectionTimeout: CONNECT_MS_MAX, httpAgent, httpsAgent },
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}
