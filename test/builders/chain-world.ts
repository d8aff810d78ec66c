/**
 * A gateway behind a socket, before endpoints and serverless models of the local AWS, in scaled time throughout: engines,
 * scaling, discovery and the gateway's own patience run by one clock.
 */
import { provisionEndpoint } from '#adapters/aws/endpoint-provisioner.ts';
import { createTargetInvoker } from '#adapters/aws/target-invoker.ts';
import { createUpstreamClient } from '#adapters/aws/upstream-client.ts';
import { cryptoRandom } from '#adapters/system/crypto-random.ts';
import { uuidRequestIds } from '#adapters/system/uuid-request-ids.ts';

import { serveGateway } from '#server/node-server.ts';
import { aGateway, type TestGateway } from '#test/builders/a-gateway.ts';
import { createChainControl } from '#test/builders/chain-control.ts';
import type { JournalCall } from '#test/builders/chain-journal.ts';
import { account, type ChainLayout, componentOf, configOf, region } from '#test/builders/chain-layout.ts';
import { startLocalAwsThread } from '#test/builders/local-aws-thread.ts';
import { localCredentials } from '#test/builders/local-deployment.ts';
import { createScaledClock } from '#test/builders/scaled-clock.ts';
import { fixedCredentials } from '#test/builders/upstream-client.ts';
import type { Clock } from '#usecases/ports/clock.ts';

/** What has become of an endpoint that scales by itself. */
interface ScaledCopies {
  readonly endpoint: string;
  readonly copies: number;
  readonly copiesDesired: number;
  readonly paidCopySeconds: number;
}

export interface ChainWorld {
  readonly url: string;
  readonly timeScale: number;
  /** Tells scaled time. */
  readonly clock: Clock;
  readonly records: TestGateway['records'];
  /** Takes all copies of an endpoint for good, in the middle of at least one answer. */
  kill(endpoint: string): Promise<void>;
  setFaults(rules: readonly object[]): Promise<void>;
  /** Puts endpoints to sleep as if nobody had called them for long, or wakes them. */
  setCopies(copies: Readonly<Record<string, number>>): Promise<void>;
  scaled(): Promise<readonly ScaledCopies[]>;
  /** A round of discovery and plan, and what it published in the gateway. */
  discover(): Promise<void>;
  /** Calls of models that arrived since the last time that it was asked. */
  takeJournal(): Promise<readonly JournalCall[]>;
  close(): Promise<void>;
}

/** @param timeScale above 0 */
export async function openChainWorld(layout: ChainLayout, timeScale: number): Promise<ChainWorld> {
  const aws = await startLocalAwsThread({ port: 0, timeScale });
  const clock = createScaledClock(timeScale);
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${aws.url}/_local/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  };
  await provisionAll(layout, aws.url);
  const setCopies = async (copies: Readonly<Record<string, number>>): Promise<void> => {
    const entries = layout.endpoints.flatMap(({ name, scaling }) =>
      scaling === undefined || copies[name] === undefined
        ? []
        : [{ region, endpoint: name, copies: copies[name], ...scaling }],
    );
    if (entries.length > 0) await control('PATCH', 'scaling', entries);
  };
  await setCopies(Object.fromEntries(layout.endpoints.map(({ name, copies }) => [name, copies])));

  const config = configOf(layout);
  const loop = createChainControl(config, { url: aws.url, clock });
  await loop.round();
  const upstream = createUpstreamClient({ credentials: fixedCredentials, endpoint: aws.url });
  const { gateway, records } = aGateway({
    config,
    overrides: {
      routes: loop.routes,
      observations: loop.observations,
      invoker: createTargetInvoker(upstream),
      clock,
      random: cryptoRandom,
      ids: uuidRequestIds,
      servesMany: true,
    },
  });
  await gateway.start();
  loop.start();
  const server = await serveGateway({ handle: (request) => gateway.answer(request), port: 0 });
  return {
    url: server.url,
    timeScale,
    clock,
    records,
    setCopies,
    kill: async (endpoint) => {
      for (let lost = 0; lost === 0; ) {
        const [crash] = (await control('POST', 'crashes', [{ region, endpoint }])) as { lost: number }[];
        lost = crash?.lost ?? 0;
        if (lost === 0) await clock.sleep(50);
      }
      await control('PATCH', 'endpoints', [{ region, endpoint, copies: 0 }]);
    },
    setFaults: async (rules) => {
      await control('PUT', 'faults', rules);
    },
    scaled: async () => (await control('GET', 'scaling')) as readonly ScaledCopies[],
    discover: async () => {
      await loop.round();
      await gateway.refresh();
    },
    takeJournal: async () => {
      const journal = (await control('GET', 'journal')) as readonly JournalCall[];
      await control('DELETE', 'journal');
      return journal.filter(({ service }) => service.endsWith('-runtime'));
    },
    close: async () => {
      await server.close();
      gateway.stop();
      await loop.close();
      await upstream.close();
      await aws.close();
    },
  };
}

async function provisionAll({ endpoints }: ChainLayout, url: string): Promise<void> {
  for (const { name, copies, slotsPerCopy } of endpoints)
    await provisionEndpoint(
      {
        ...{ account, region, endpoint: name, component: componentOf(name) },
        copies: Math.max(1, copies),
        concurrencyPerCopy: slotsPerCopy,
      },
      { endpoint: url, credentials: localCredentials(account) },
    );
}
