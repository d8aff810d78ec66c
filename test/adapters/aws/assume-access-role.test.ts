import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccountCredentials } from '#adapters/aws/account-credentials.ts';
import { createAccessRoleAssumer } from '#adapters/aws/assume-access-role.ts';
import { createTargetInvoker } from '#adapters/aws/target-invoker.ts';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { bedrockTarget, collect, modelCall, textOf } from '#test/builders/model-call.ts';
import { loopbackClient } from '#test/builders/upstream-client.ts';

let aws: LocalAws;

beforeAll(async () => {
  aws = await createLocalAws({ port: 0, timeScale: 0 });
});

afterAll(() => aws?.close());

const own = async () => ({ accessKeyId: 'LKIA111111111111', secretAccessKey: 'local-LKIA111111111111' });

function openAssumer() {
  return createAccessRoleAssumer({ deployment: 'acme', region: 'us-east-1', own, endpoint: aws.url });
}

describe('the access role of another account', () => {
  it('is assumed over the STS of the gateway region, and its credentials call that account’s models', async () => {
    const assumer = openAssumer();
    const credentials = createAccountCredentials({ ownAccount: '111111111111', own, assume: assumer.assume });
    const client = loopbackClient(aws.url, credentials);
    const target = bedrockTarget({
      account: '222222222222',
      region: 'eu-north-1',
      modelId: 'amazon.nova-lite-v1:0',
    });
    const events = await collect(await createTargetInvoker(client).converse(modelCall({ target })));
    expect(textOf(events).length).toBeGreaterThan(0);
    const journal = await (await fetch(`${aws.url}/_local/journal`)).json();
    const calls = (journal as { service: string; operation: string; account: string; region: string }[]).map(
      ({ service, operation, account, region }) => `${service} ${operation} ${account} ${region}`,
    );
    expect(calls).toContain('sts AssumeRole 111111111111 us-east-1');
    expect(calls).toContain('bedrock-runtime ConverseStream 222222222222 eu-north-1');
    await client.close();
    assumer.close();
  });

  it('fails as STS fails, and ends with the signal', async () => {
    const assumer = openAssumer();
    const rules = (kind: object) =>
      fetch(`${aws.url}/_local/faults`, {
        method: 'PUT',
        body: JSON.stringify([{ service: 'sts', ...kind }]),
      });
    await rules({ kind: 'error', error: 'ExpiredTokenException' });
    await expect(assumer.assume('333333333333', new AbortController().signal)).rejects.toThrow();
    await rules({ kind: 'hang' });
    const controller = new AbortController();
    const hanging = assumer.assume('333333333333', controller.signal);
    controller.abort(new Error('deadline'));
    await expect(hanging).rejects.toThrow();
    await fetch(`${aws.url}/_local/faults`, { method: 'DELETE' });
    assumer.close();
  });
});
