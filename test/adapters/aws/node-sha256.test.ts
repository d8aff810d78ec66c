import { Sha256 } from '@aws-crypto/sha256-js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NodeSha256 } from '#adapters/aws/node-sha256.ts';

describe('NodeSha256', () => {
  it("hashes and signs as AWS's own implementation does, in any pieces", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.option(fc.oneof(fc.string({ minLength: 1 }), fc.uint8Array({ minLength: 1 })), { nil: undefined }),
        fc.array(fc.uint8Array(), { maxLength: 4 }),
        async (secret, pieces) => {
          const ours = new NodeSha256(secret);
          const theirs = new Sha256(secret);
          for (const piece of pieces) {
            ours.update(piece);
            theirs.update(piece);
          }
          expect(Buffer.from(await ours.digest())).toEqual(Buffer.from(await theirs.digest()));
        },
      ),
    );
  });

  it('begins anew after a reset, with its secret', async () => {
    const hash = new NodeSha256('key');
    hash.update('something');
    hash.reset();
    hash.update('text');
    const fresh = new NodeSha256('key');
    fresh.update('text');
    expect(await hash.digest()).toEqual(await fresh.digest());
  });

  it('takes an ArrayBuffer for its bytes', async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const ofBuffer = new NodeSha256(bytes.buffer);
    ofBuffer.update(bytes.buffer);
    const ofView = new NodeSha256(bytes);
    ofView.update(bytes);
    expect(await ofBuffer.digest()).toEqual(await ofView.digest());
  });
});
