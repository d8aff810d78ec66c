import { describe, expect, it } from 'vitest';
import { createAccountCredentials } from '#adapters/aws/account-credentials.ts';
import type { AwsCredentials } from '#adapters/aws/sigv4-signer.ts';

const OWN = '111111111111';
const OTHER = '222222222222';
const MINUTE = 60_000;
const never = new AbortController().signal;

/** A directory of credentials under a clock that the test moves. */
function setUp(options: { readonly waitMsMax?: number } = {}) {
  const world = {
    nowMs: 1_000_000,
    assumed: [] as string[],
    answer: async (account: string, _signal: AbortSignal): Promise<AwsCredentials> => keysOf(account),
  };
  function keysOf(account: string): AwsCredentials {
    const expiration = new Date(world.nowMs + 60 * MINUTE);
    return { accessKeyId: `AKIA-${account}-${world.assumed.length}`, secretAccessKey: 's', expiration };
  }
  const credentials = createAccountCredentials({
    ownAccount: OWN,
    own: async () => ({ accessKeyId: 'OWN', secretAccessKey: 's' }),
    assume: (account, signal) => {
      world.assumed.push(account);
      return world.answer(account, signal);
    },
    now: () => world.nowMs,
    ...options,
  });
  return { world, credentials };
}

/** Lets everything that is already settled be seen. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('account credentials', () => {
  it("are the process's own for the gateway's own account, without AssumeRole", async () => {
    const { world, credentials } = setUp();
    expect((await credentials.load(OWN, never)).accessKeyId).toBe('OWN');
    expect(world.assumed).toEqual([]);
  });

  it('are assumed once for all who wait for them, and kept', async () => {
    const { world, credentials } = setUp();
    const loaded = await Promise.all(Array.from({ length: 50 }, () => credentials.load(OTHER, never)));
    await credentials.load(OTHER, never);
    expect(world.assumed).toEqual([OTHER]);
    expect(new Set(loaded).size).toBe(1);
  });

  it('are renewed in the background in their last five minutes, while the old ones serve', async () => {
    const { world, credentials } = setUp();
    const first = await credentials.load(OTHER, never);
    world.nowMs += 56 * MINUTE;
    expect(await credentials.load(OTHER, never)).toBe(first);
    await settle();
    expect((await credentials.load(OTHER, never)).accessKeyId).not.toBe(first.accessKeyId);
    expect(world.assumed).toHaveLength(2);
  });

  it('serve to their end while STS fails, and no longer', async () => {
    const { world, credentials } = setUp();
    const first = await credentials.load(OTHER, never);
    world.answer = async () => Promise.reject(new Error('STS is down'));
    world.nowMs += 59 * MINUTE;
    expect(await credentials.load(OTHER, never)).toBe(first);
    await settle();
    world.nowMs += MINUTE;
    await expect(credentials.load(OTHER, never)).rejects.toThrow('STS is down');
  });

  it('are given up on within the wait, when STS hangs, and the call to STS is ended', async () => {
    const { world, credentials } = setUp({ waitMsMax: 20 });
    let ended = false;
    world.answer = (_account, signal) => {
      signal.addEventListener('abort', () => {
        ended = true;
      });
      return new Promise(() => undefined);
    };
    await expect(credentials.load(OTHER, never)).rejects.toThrow('within 20 ms');
    expect(ended).toBe(true);
  });

  it('fail at once after a failure, and are asked for again later, less and less often', async () => {
    const { world, credentials } = setUp();
    world.answer = async () => Promise.reject(new Error('no'));
    await expect(credentials.load(OTHER, never)).rejects.toThrow('no');
    await expect(credentials.load(OTHER, never)).rejects.toThrow('no');
    expect(world.assumed).toHaveLength(1);
    world.nowMs += 1_000;
    await expect(credentials.load(OTHER, never)).rejects.toThrow('no');
    expect(world.assumed).toHaveLength(2);
    world.nowMs += 1_000;
    await expect(credentials.load(OTHER, never)).rejects.toThrow('no');
    expect(world.assumed).toHaveLength(2);
    world.nowMs += 10_000;
    world.answer = async () => ({ accessKeyId: 'BACK', secretAccessKey: 's' });
    expect((await credentials.load(OTHER, never)).accessKeyId).toBe('BACK');
  });

  it('are fetched anew after the service refused them', async () => {
    const { world, credentials } = setUp();
    await credentials.load(OTHER, never);
    credentials.forget(OTHER);
    await credentials.load(OTHER, never);
    expect(world.assumed).toHaveLength(2);
  });

  it('leave the shared fetch to the others when one caller goes', async () => {
    const { world, credentials } = setUp();
    const answer = Promise.withResolvers<AwsCredentials>();
    world.answer = () => answer.promise;
    const controller = new AbortController();
    const leaving = credentials.load(OTHER, controller.signal);
    const staying = credentials.load(OTHER, never);
    controller.abort(new Error('gone'));
    await expect(leaving).rejects.toThrow('gone');
    answer.resolve({ accessKeyId: 'X', secretAccessKey: 's' });
    expect((await staying).accessKeyId).toBe('X');
    expect(world.assumed).toHaveLength(1);
  });

  it('of one account do not wait for those of another', async () => {
    const { world, credentials } = setUp();
    world.answer = (account) =>
      account === OTHER
        ? new Promise(() => undefined)
        : Promise.resolve({ accessKeyId: account, secretAccessKey: 's' });
    const controller = new AbortController();
    const hanging = credentials.load(OTHER, controller.signal);
    expect((await credentials.load('333333333333', never)).accessKeyId).toBe('333333333333');
    controller.abort(new Error('enough'));
    await expect(hanging).rejects.toThrow('enough');
  });
});
