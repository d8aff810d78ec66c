/**
 * SDK clients of the control plane: one attempt (the caller retries), short connects, kept connections, and every
 * service at one URL where `endpoint` says so.
 */
import { type ClientRequest, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { BedrockClient } from '@aws-sdk/client-bedrock';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
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

interface Instants {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** How Node asks an agent for the connection of a request, which its types leave out. */
interface AskedForSockets {
  addRequest(request: ClientRequest, ...rest: readonly unknown[]): void;
}

/** Kept connections, shared by every client that is opened with them. */
export interface ConnectionPool {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  close(): void;
}

/**
 * @param instants what both clocks say now. Of a process that was frozen either may have stood still, and its timers did:
 *   connections that were idle meanwhile may be dead without a word, and no request is sent by one
 */
export function createConnectionPool(
  instants: () => Instants = () => ({ wallMs: Date.now(), monotonicMs: performance.now() }),
): ConnectionPool {
  const httpAgent = dropsOldSockets(new HttpAgent(agentOptions), instants);
  const httpsAgent = dropsOldSockets(new HttpsAgent(agentOptions), instants);
  return {
    httpAgent,
    httpsAgent,
    close: () => {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

/** The same agent, which ends its idle connections before a request when it was asked for none for as long as they may be idle. */
function dropsOldSockets<Kept extends HttpAgent>(agent: Kept, instants: () => Instants): Kept {
  const asked = agent as Kept & AskedForSockets;
  const addRequest = asked.addRequest.bind(agent);
  let last = instants();
  asked.addRequest = (request, ...rest) => {
    const now = instants();
    const idleMs = Math.max(now.wallMs - last.wallMs, now.monotonicMs - last.monotonicMs);
    last = now;
    if (idleMs > IDLE_MS_MAX) for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
    addRequest(request, ...rest);
  };
  return agent;
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

/** One client of each control-plane service, over a shared pool. Nothing is called before a client is used. */
export const openBedrock = (access: AwsAccess, pool: ConnectionPool): BedrockClient =>
  new BedrockClient(clientSettings(access, pool));
export const openCloudWatch = (access: AwsAccess, pool: ConnectionPool): CloudWatchClient =>
  new CloudWatchClient(clientSettings(access, pool));
export const openDynamodb = (access: AwsAccess, pool: ConnectionPool): DynamoDBClient =>
  new DynamoDBClient(clientSettings(access, pool));
export const openSageMaker = (access: AwsAccess, pool: ConnectionPool): SageMakerClient =>
  new SageMakerClient(clientSettings(access, pool));
export const openServiceQuotas = (access: AwsAccess, pool: ConnectionPool): ServiceQuotasClient =>
  new ServiceQuotasClient(clientSettings(access, pool));

/** The process's own credentials, as the SDK finds them in its surroundings: role, profile, environment. */
export const processCredentials = (): (() => Promise<AwsCredentials>) => fromNodeProviderChain();
