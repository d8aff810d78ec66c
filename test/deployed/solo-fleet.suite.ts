/** The gateway at a function URL, with an environment that stands ready and GPUs of its own, behind real signed clients. */
import Anthropic from '@anthropic-ai/sdk';
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { responseHeaders } from '#contract/http.ts';
import {
  changedStack,
  type DeployedFleet,
  homeAccount,
  type SynthesizedFleet,
  stackOf,
} from '#test/builders/deployed-fleet.ts';
import { until } from '#test/builders/fleet-exercises.ts';
import { watchFleet } from '#test/builders/fleet-watch.ts';
import { signingFetch, signingHandler } from '#test/builders/signing-callers.ts';
import {
  environmentLogs,
  readEnvironmentLog,
  requestLines,
  unexplainedAnswers,
} from '#test/builders/solo-answers.ts';
import {
  appRole,
  gatewayAlias,
  otherRole,
  refusedEndpoints,
  refusedUpdates,
  runningSoloDefects,
  type SoloDefect,
  soloDedicated,
  soloGateway,
  soloRegion,
} from '#test/builders/solo-fleet.ts';

const messages = [{ role: 'user' as const, content: 'When does the tide turn?' }];

export interface StandingFleet {
  readonly fleet: DeployedFleet;
  readonly synthesized: SynthesizedFleet;
}

/** @param open answers what `deploySolo` filled */
export function soloFleetSuite(open: () => StandingFleet): void {
  const base = () => open().fleet.baseUrl(soloGateway);
  const origin = () => base().replace(/\/v1$/, '');
  const app = { roleArn: appRole, region: soloRegion };
  const chat = (caller: typeof fetch): Promise<Response> =>
    caller(`${base()}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'chat', messages }),
    });

  /** Whoever else answered, the gateway has told one of two reasons for it. */
  const servedByOwn = async () => {
    await until('an answer of its own GPUs', async () => {
      const answer = await chat(signingFetch(app));
      await answer.text();
      expect(answer.status).toBe(200);
      return answer.headers.get(responseHeaders.tier) === 'dedicated';
    });
    expect(environmentLogs(open().fleet).flatMap(unexplainedAnswers)).toEqual([]);
  };

  /** Asks for the same in two ways until its own GPUs have answered both: they say the same to everybody. */
  const saysTheSame = async (
    whole: () => Promise<string | null | undefined>,
    streamed: () => Promise<string>,
  ) => {
    const { fleet } = open();
    await until('two answers of its own GPUs', async () => {
      const told = new Set(requestLines(fleet).map(({ requestId }) => requestId));
      const texts = [await whole(), await streamed()];
      const news = () => requestLines(fleet).filter(({ requestId }) => !told.has(requestId));
      await until('two lines of the log', () => news().length === 2);
      expect(texts).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)]);
      if (news().some(({ tier }) => tier !== 'dedicated')) return false;
      expect(texts[1]).toBe(texts[0]);
      return true;
    });
  };

  describe('a gateway behind its function URL', () => {
    it('hears of its GPUs by discovery and plan', async () => {
      const { fleet } = open();
      const client = fleet.cloud.clients.dynamodb({ account: homeAccount, region: soloRegion });
      // Until verify is due too.
      await fleet.passMinutes(6);
      await until('a route to its own copies', async () => {
        const { Items = [] } = await client.send(new ScanCommand({ TableName: 'solo-routes' }));
        return JSON.stringify(Items).includes('chat-small-copies');
      });
      await fleet.cloud.functions.idle();
    });

    it('stands ready before anybody asks, in a published version', async () => {
      const { host } = open().fleet.cloud.functions;
      const [ready, ...others] = host.environments(gatewayAlias);
      expect([ready?.state, others.length]).toEqual(['idle', 0]);
      expect(ready?.logStream).toMatch(/^\[1\]/);
      expect((await chat(signingFetch(app))).status).toBe(200);
      expect(host.environments(gatewayAlias).map(({ logStream }) => logStream)).toEqual([ready?.logStream]);
    });

    it('answers OpenAI’s client, whole and as a stream', async () => {
      const client = new OpenAI({ baseURL: base(), apiKey: 'none', maxRetries: 0, fetch: signingFetch(app) });
      const asked = { model: 'chat', messages };
      await saysTheSame(
        async () => (await client.chat.completions.create(asked)).choices[0]?.message.content,
        async () => {
          const chunks: string[] = [];
          for await (const { choices } of await client.chat.completions.create({ ...asked, stream: true }))
            chunks.push(choices[0]?.delta.content ?? '');
          expect(chunks.length).toBeGreaterThan(3);
          return chunks.join('');
        },
      );
    });

    it('answers Anthropic’s client, whole and as a stream', async () => {
      const settings = { baseURL: origin(), apiKey: 'none', maxRetries: 0, fetch: signingFetch(app) };
      const client = new Anthropic(settings);
      const asked = { model: 'chat', max_tokens: 64, messages };
      await saysTheSame(
        async () => {
          const [block] = (await client.messages.create(asked)).content;
          return block?.type === 'text' ? block.text : '';
        },
        () => client.messages.stream(asked).finalText(),
      );
    });

    it('answers Bedrock’s client, whole and as a stream', async () => {
      const client = new BedrockRuntimeClient({
        endpoint: origin(),
        region: soloRegion,
        maxAttempts: 1,
        credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
        requestHandler: signingHandler(app),
      });
      const asked = {
        modelId: 'chat',
        messages: [{ role: 'user' as const, content: [{ text: 'When does the tide turn?' }] }],
      };
      await saysTheSame(
        async () => (await client.send(new ConverseCommand(asked))).output?.message?.content?.[0]?.text,
        async () => {
          const { stream } = await client.send(new ConverseStreamCommand(asked));
          let text = '';
          for await (const event of stream ?? []) text += event.contentBlockDelta?.delta?.text ?? '';
          return text;
        },
      );
      client.destroy();
    });

    it('calls the GPUs that were deployed beside it, first', async () => {
      await servedByOwn();
      const journal = await open().fleet.journal('sagemaker-runtime');
      expect(new Set(journal.map(({ target, status }) => `${target} ${status}`))).toEqual(
        new Set(['chat-small 200']),
      );
    });

    it.each([
      [
        'the GPUs were asked and failed',
        { attempts: ['gpu broken', 'else answered'] },
        0,
        'after gpu broken',
      ],
      ['it passed them by without a reason', {}, 0, 'with 0 denials of a slot'],
      [
        'they had no slot, by a book that was heard',
        { leaseDenials: 1 },
        0,
        '1 denials of a slot, of which 0',
      ],
      ['its route had gone', { routeSource: 'baseline' }, 0, 'when its route was known'],
    ])('would not let pass an answer of others where %s', (_, wrong, unheard, says) => {
      const event = { event: 'request', requestId: 'one', gatewayRegion: soloRegion, target: 'else' };
      const own = { ...event, tier: 'dedicated', attempts: ['gpu answered'], routeSource: 'table' };
      const other = { ...own, tier: 'serverless', attempts: ['else answered'], ...wrong };
      const lines = [own, other].map((line) => JSON.stringify(line)).join('\n');
      expect(unexplainedAnswers({ ...readEnvironmentLog(lines), unheard }).join('\n')).toContain(says);
      expect(unexplainedAnswers(readEnvironmentLog(JSON.stringify(own)))).toEqual([]);
    });

    it('lets in those who sign and whom both policies know, and nobody else', async () => {
      expect((await chat(fetch)).status).toBe(403);
      expect((await chat(signingFetch({ roleArn: otherRole, region: soloRegion }))).status).toBe(403);
      expect((await chat(signingFetch({ roleArn: appRole, region: 'us-west-2' }))).status).toBe(403);
      const { verdicts } = open().fleet.cloud.judge;
      const denied = verdicts.filter(({ isAllowed }) => !isAllowed);
      expect(denied.map(({ principal, action }) => `${principal} ${action}`)).toEqual([
        `${otherRole} lambda:InvokeFunctionUrl`,
      ]);
    });
  });

  describe('a defect of the small deployment', () => {
    const refused = async ({ stack, change, says }: SoloDefect) => {
      const { fleet, synthesized } = open();
      const changed = changedStack(synthesized.assembly, stack, change);
      await expect(fleet.deployment.deploy(changed)).rejects.toThrow(says);
    };

    it.each(refusedUpdates)('is refused by name, and nothing changes: $what', refused);

    it.each(refusedEndpoints)('is refused by name, and nothing is made: $what', async (defect) => {
      const { fleet, synthesized } = open();
      const whole = stackOf(synthesized.assembly, soloDedicated);
      const key = `${whole.account}/${whole.region}/${whole.stackName}`;
      if (fleet.deployment.stacks.has(key)) await fleet.deployment.remove(whole);
      await refused(defect);
    });

    it('is gone with the next deployment', async () => {
      const { fleet, synthesized } = open();
      await fleet.deployment.deploy(stackOf(synthesized.assembly, soloDedicated));
      await servedByOwn();
    });

    it.each(runningSoloDefects)('shows by name: $what', async ({ stack, change, says }) => {
      const { fleet, synthesized } = open();
      const watch = await watchFleet(fleet);
      await fleet.deployment.deploy(changedStack(synthesized.assembly, stack, change));
      await until(says, async () => {
        await (await chat(signingFetch(app))).text();
        return (await watch.problems()).some((problem) => problem.includes(says));
      });
      await fleet.deployment.deploy(stackOf(synthesized.assembly, stack));
    });
  });
}
