import { describe, expect, it } from 'vitest';
import { createModelServices } from '#local/services/models.ts';
import { directCall } from '../direct-call.ts';

const body = (more: object) =>
  new TextEncoder().encode(JSON.stringify({ messages: [{ role: 'user', content: 'hi' }], ...more }));

async function fleetOf(environment: Record<string, string>, instances: number) {
  const { services, controls } = createModelServices({ timeScale: 0 });
  const [, , sagemaker, runtime] = services;
  const container = { Image: 'image', Environment: environment };
  await directCall(sagemaker, 'CreateModel', { ModelName: 'm', PrimaryContainer: container });
  const variant = { VariantName: 'all', ModelName: 'm', InitialInstanceCount: instances };
  const config = { EndpointConfigName: 'c', ProductionVariants: [variant] };
  await directCall(sagemaker, 'CreateEndpointConfig', config);
  await directCall(sagemaker, 'CreateEndpoint', { EndpointName: 'e', EndpointConfigName: 'c' });
  const endpoints = controls.find(({ name }) => name === 'endpoints');
  return { runtime, endpoints };
}

describe('capacity of a container', () => {
  it('makes the request wait that is one more than copies times slots, until a slot is free', async () => {
    const { runtime } = await fleetOf({ OPTION_MAX_ROLLING_BATCH_SIZE: '1' }, 2);
    const open = async () => {
      const { Body } = await directCall(runtime, 'InvokeEndpointWithResponseStream', {
        EndpointName: 'e',
        Body: body({ stream: true }),
      });
      const parts = Body[Symbol.asyncIterator]();
      await parts.next();
      await parts.next();
      return parts;
    };
    const first = await open();
    await open();
    let answered = false;
    const third = directCall(runtime, 'InvokeEndpoint', { EndpointName: 'e', Body: body({}) }).then(() => {
      answered = true;
    });
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    await first.return(undefined);
    await third;
    expect(answered).toBe(true);
  });

  it('serves the waiting ones as soon as copies are added', async () => {
    const { runtime, endpoints } = await fleetOf({ OPTION_MAX_ROLLING_BATCH_SIZE: '1' }, 1);
    const { Body } = await directCall(runtime, 'InvokeEndpointWithResponseStream', {
      EndpointName: 'e',
      Body: body({ stream: true }),
    });
    const parts = Body[Symbol.asyncIterator]();
    await parts.next();
    await parts.next();
    const waiting = directCall(runtime, 'InvokeEndpoint', { EndpointName: 'e', Body: body({}) });
    endpoints?.methods.PATCH?.({ region: 'us-east-1', endpoint: 'e', copies: 4 }, new URLSearchParams());
    await directCall(runtime, 'InvokeEndpoint', { EndpointName: 'e', Body: body({}) });
    expect((await waiting).ContentType).toBe('application/json');
    await parts.return?.(undefined);
  });
});
