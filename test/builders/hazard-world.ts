/** The gateway's bundle as a function on this machine, behind both front doors, before the stand-in with its tables. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { provisionEndpoint } from '#adapters/aws/endpoint-provisioner.ts';
import { localCredentials } from '#adapters/aws/local-credentials.ts';
import { tableName } from '#contract/resources.ts';
import acme from '#examples/acme.config.ts';
import { frontDoorAnswers, frontDoorBody, frontDoorHeaders } from '#lib/constructs/front-door-answers.ts';
import { bundledConfigFile, functionNodeOptions, writeBundle } from '#lib/constructs/function-bundling.ts';
import { openFunctionUrl } from '#local/lambda/front-doors/function-url.ts';
import { openRestApi } from '#local/lambda/front-doors/rest-api.ts';
import type { FunctionSpec } from '#local/lambda/function-spec.ts';
import { createLambdaHost, type LambdaHost, type LambdaHostOptions } from '#local/lambda/lambda-host.ts';
import { createControlRuntime } from '#runtime/control-runtime.ts';
import { shippedFacts } from '#runtime/facts-data.ts';
import { type CuttableProxy, openCuttableProxy } from '#test/builders/cuttable-proxy.ts';
import { type GatewayWorld, openGatewayWorld } from '#test/builders/gateway-world.ts';
import { createMovedClock, MOVED_CLOCK_FILE, type MovedClock } from '#test/builders/moved-clock.ts';

const account = '111111111111';
const region = 'us-east-1';
const movedClock = fileURLToPath(new URL('moved-clock.ts', import.meta.url));

/** As the gateway's stack sets them. */
const responses = new Map(
  frontDoorAnswers.map((answer) => [
    answer.type,
    {
      ...(answer.status === undefined ? {} : { status: answer.status }),
      ...{ headers: frontDoorHeaders(answer), template: frontDoorBody(answer), answers: 0 },
    },
  ]),
);

/** One deployed gateway: a function, and what stands before it. */
export interface HazardGateway {
  readonly host: LambdaHost;
  readonly arn: string;
  /** Of the REST API, its stage included. */
  readonly url: string;
  /** Anything by way of the REST API. */
  post(path: string, body: object): Promise<Response>;
  /** A chat by way of the REST API. */
  chat(ask?: ChatAsk): Promise<Response>;
  /** Deploys it anew with these changes. */
  mend(changes: Partial<FunctionSpec>): void;
  /** The same by way of the function URL. */
  chatAtUrl(ask?: ChatAsk): Promise<Response>;
}

interface ChatAsk {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface HazardWorld {
  /** The folder of the bundle. */
  readonly folder: string;
  /** The way of every gateway to the stand-in. */
  readonly proxy: CuttableProxy;
  /** The calendar of everybody. */
  readonly clock: MovedClock;
  /** @param preload JavaScript that runs in the environment's process before the runtime client */
  openGateway(options?: {
    readonly spec?: Partial<FunctionSpec>;
    readonly host?: LambdaHostOptions;
    readonly preload?: string;
  }): Promise<HazardGateway>;
  /** Ends every process of theirs. */
  closeGateways(): Promise<void>;
  setFaults(rules: readonly object[]): Promise<void>;
  journal(service: string): Promise<readonly { readonly operation: string; readonly aborted: boolean }[]>;
  clearJournal(): Promise<void>;
  /** Leases in the table of slots that have not expired by this process's clock. */
  slotsHeld(): Promise<number>;
  close(): Promise<void>;
}

export async function openHazardWorld(): Promise<HazardWorld> {
  const world = await openGatewayWorld();
  const folder = mkdtempSync(join(tmpdir(), 'spillway-hazards-'));
  writeBundle('lambdas/gateway/handler.ts', folder);
  // With its keys in clear, which a deployment leaves out: here they let a caller in.
  writeFileSync(join(folder, bundledConfigFile), JSON.stringify(acme));
  const access = { endpoint: world.awsUrl, credentials: localCredentials(account) };
  const endpoint = { account, region, endpoint: 'chat-small', copies: 2, concurrencyPerCopy: 16 };
  await provisionEndpoint({ ...endpoint, servedModel: 'chat-small' }, access);
  const clockFile = join(folder, 'clock');
  const clock = createMovedClock(clockFile);
  await publishRoutes(world);
  const proxy = await openCuttableProxy(world.awsUrl);
  const watcher = new DynamoDBClient({ region, ...access });
  const closers: (() => Promise<void>)[] = [];
  const closeGateways = async () => {
    for (const close of closers.splice(0)) await close();
  };
  let gateways = 0;
  return {
    ...{ folder, proxy, clock },
    openGateway: async ({ spec = {}, host: hostOptions = {}, preload } = {}) => {
      const host = createLambdaHost({ awsUrl: proxy.url, ...hostOptions });
      closers.push(() => host.close());
      gateways += 1;
      const options = [...functionNodeOptions, `--import=${movedClock}`];
      if (preload !== undefined) {
        const file = join(folder, `preload-${gateways}.mjs`);
        writeFileSync(file, preload);
        options.push(`--import=${file}`);
      }
      const made: FunctionSpec = {
        ...{ name: 'acme-gateway', account, region, folder, handler: 'index.handler', runtime: 'nodejs24.x' },
        ...{ timeoutSeconds: 30, memoryMebibytes: 1024 },
        roleArn: `arn:aws:iam::${account}:role/acme-gateway-${region}`,
        environment: {
          ...{ SPILLWAY_CONFIG: bundledConfigFile, SPILLWAY_ACCOUNT: account },
          NODE_OPTIONS: options.join(' '),
          [MOVED_CLOCK_FILE]: clockFile,
        },
        ...spec,
      };
      const functionArn = host.createFunction(made);
      const place = { account, apiId: 'api', stage: 'live' };
      const api = await openRestApi({
        host,
        functionArn,
        responseTransferMode: 'STREAM',
        responses,
        ...place,
      });
      const url = await openFunctionUrl({ host, functionArn, invokeMode: 'RESPONSE_STREAM' });
      closers.push(
        () => api.close(),
        () => url.close(),
      );
      return {
        ...{ host, arn: functionArn, url: `${api.url}/live` },
        mend: (changes) => host.updateFunction({ ...made, ...changes }),
        post: (path, body) => post(`${api.url}/live${path}`, { body }),
        chat: (ask) => chatAt(`${api.url}/live`, ask),
        chatAtUrl: (ask) => chatAt(url.url, ask),
      };
    },
    closeGateways,
    setFaults: (rules) => world.setFaults(rules),
    journal: async (service) => {
      const answer = await fetch(`${world.awsUrl}/_local/journal?service=${service}`);
      return (await answer.json()) as readonly { operation: string; aborted: boolean }[];
    },
    clearJournal: async () => {
      await fetch(`${world.awsUrl}/_local/journal`, { method: 'DELETE' });
    },
    slotsHeld: async () => {
      const scan = new ScanCommand({ TableName: tableName('acme', 'capacity') });
      const { Items = [] } = await watcher.send(scan);
      const leases = Items.flatMap(({ leases: map }) => Object.values(map?.M ?? {}));
      return leases.filter(({ L = [] }) => Number(L[0]?.N) > Date.now()).length;
    },
    close: async () => {
      await closeGateways();
      watcher.destroy();
      await proxy.close();
      await world.close();
      rmSync(folder, { recursive: true });
      clock.restore();
    },
  };
}

/** Discovery and plan, so that gateways answer from the table. */
async function publishRoutes({ awsUrl, config }: GatewayWorld): Promise<void> {
  const control = createControlRuntime({
    ...{ config, facts: shippedFacts(), region, endpoint: awsUrl, ratePerSecond: 10_000 },
    credentialsFor: (owner) => async () => localCredentials(owner),
    log: { write: () => undefined },
  });
  // Where the callers of these tests are served.
  const regions = config.accounts.find(({ id }) => id === account)?.regions ?? [];
  const places = regions.map((name) => ({ account, region: name }));
  await Promise.all(places.map((place) => control.discover(place)));
  await control.plan();
  await control.close();
}

const chatAt = (base: string, { body = {}, ...rest }: ChatAsk = {}): Promise<Response> =>
  post(`${base}/v1/chat/completions`, {
    ...rest,
    body: {
      ...{ model: 'chat-small', max_tokens: 64 },
      messages: [{ role: 'user', content: 'Tell me of the sea.' }],
      ...body,
    },
  });

function post(url: string, { body, headers = {}, signal }: ChatAsk): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer sk-local',
      'x-spillway-residency': 'us',
      ...headers,
    },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
}
