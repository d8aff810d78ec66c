import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import {
  InvokeEndpointCommand,
  InvokeEndpointWithResponseStreamCommand,
  ModelError,
  SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalAws } from '#local/local-aws.ts';
import { countTokens } from '#local/world/answers/tokens.ts';
import { clientConfig, startLocalAws } from '../local-clients.ts';

let aws: LocalAws;
let runtime: SageMakerRuntimeClient;

const encode = (body: unknown) => new TextEncoder().encode(JSON.stringify(body));
const inputs = '<|im_start|>user\nWhat is a lease?<|im_end|>\n<|im_start|>assistant\n';
const details = { details: true, max_new_tokens: 190 };

async function invoke(body: unknown) {
  const answer = await runtime.send(new InvokeEndpointCommand({ EndpointName: 'tgi', Body: encode(body) }));
  return JSON.parse(new TextDecoder().decode(answer.Body));
}

async function stream(body: object) {
  const Body = encode({ ...body, stream: true });
  const answer = await runtime.send(
    new InvokeEndpointWithResponseStreamCommand({ EndpointName: 'tgi', Body }),
  );
  const parts: Uint8Array[] = [];
  for await (const event of answer.Body ?? [])
    if (event.PayloadPart?.Bytes) parts.push(event.PayloadPart.Bytes);
  const lines = Buffer.concat(parts).toString().split('\n\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line.replace(/^data:/, '')));
}

beforeAll(async () => {
  aws = await startLocalAws();
  runtime = new SageMakerRuntimeClient(clientConfig(aws));
  const sagemaker = new SageMakerClient(clientConfig(aws));
  const Environment = { HF_MODEL_ID: 'org/model', MAX_TOTAL_TOKENS: '240' };
  const PrimaryContainer = { Image: 'image', Environment };
  await sagemaker.send(new CreateModelCommand({ ModelName: 'tgi', PrimaryContainer }));
  const variant = { VariantName: 'all', InitialInstanceCount: 1, InstanceType: 'ml.g6e.xlarge' as const };
  const ProductionVariants = [{ ...variant, ModelName: 'tgi' }];
  await sagemaker.send(new CreateEndpointConfigCommand({ EndpointConfigName: 'tgi', ProductionVariants }));
  await sagemaker.send(new CreateEndpointCommand({ EndpointName: 'tgi', EndpointConfigName: 'tgi' }));
  sagemaker.destroy();
});
afterAll(async () => {
  runtime.destroy();
  await aws.close();
});

describe('a local container of TGI’s', () => {
  it('answers one text with a list of one, and tells its input where it is asked to', async () => {
    const [answer] = await invoke({ inputs, parameters: { ...details, decoder_input_details: true } });
    expect(answer.generated_text).toContain('What is a lease?');
    expect(answer.generated_text).not.toContain('im_start');
    expect(answer.details).toMatchObject({
      finish_reason: 'eos_token',
      generated_tokens: countTokens(answer.generated_text),
    });
    expect(answer.details.prefill).toHaveLength(countTokens(inputs));
    expect((await invoke({ inputs }))[0].details).toBeUndefined();
  });

  it('streams a token an event, its end with the last, and the sequence that stopped it', async () => {
    const events = await stream({ inputs, parameters: details });
    const shown = events.filter(({ token }) => !token.special).map(({ token }) => token.text);
    const last = events.at(-1);
    expect(shown.join('')).toBe(last.generated_text);
    expect(last.token.special).toBe(true);
    expect(last.details).toEqual({
      ...{ finish_reason: 'eos_token', generated_tokens: shown.length, seed: null },
      input_length: countTokens(inputs),
    });
    expect(events.slice(0, -1).every(({ generated_text: text }) => text === null)).toBe(true);
    const cut = await stream({ inputs, parameters: { ...details, max_new_tokens: 3 } });
    expect([cut.length, cut.at(-1).details.finish_reason]).toEqual([3, 'length']);
    const stopped = await stream({ inputs, parameters: { ...details, stop: ['lease'] } });
    expect(stopped.at(-1)).toMatchObject({ details: { finish_reason: 'stop_sequence' } });
    expect(stopped.at(-1).generated_text).toMatch(/lease$/);
  });

  it('keeps to a grammar', async () => {
    const value = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
    const [answer] = await invoke({ inputs, parameters: { ...details, grammar: { type: 'json', value } } });
    expect(JSON.parse(answer.generated_text)).toHaveProperty('city');
  });

  it.each([
    [{ temperature: 0 }, /temperature/],
    [{ top_p: 1 }, /top_p/],
    [{ max_new_tokens: 0 }, /strictly positive/],
    [{ max_new_tokens: 500 }, /must be <= 240/],
    [{ stop: ['a', 'b', 'c', 'd', 'e'] }, /up to 4/],
    [{ grammar: { type: 'json', value: {} } }, /properties/],
  ])('refuses %j: whole with a status, streamed in the stream', async (parameters, words) => {
    const refusal = await invoke({ inputs, parameters }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ModelError);
    expect(refusal).toMatchObject({ OriginalStatusCode: 422 });
    expect(JSON.parse((refusal as ModelError).OriginalMessage ?? '')).toMatchObject({
      ...{ error: expect.stringMatching(words), error_type: 'validation' },
    });
    expect(await stream({ inputs, parameters })).toEqual([
      { error: expect.stringMatching(words), error_type: 'validation' },
    ]);
  });

  it('speaks OpenAI’s format too, as TGI’s messages API does', async () => {
    const answer = await invoke({ messages: [{ role: 'user', content: 'hi' }] });
    expect(answer.object).toBe('chat.completion');
  });
});
