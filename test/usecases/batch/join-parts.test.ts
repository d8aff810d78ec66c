import { expect, it } from 'vitest';
import type { StoredUpload } from '#core/batch/stored-upload.ts';
import { houseError } from '#core/errors/catalogue.ts';
import { aBatchRegion, regionStart as at } from '#test/builders/a-batch-region.ts';
import { joinParts, partKey } from '#usecases/batch/join-parts.ts';

const upload: StoredUpload = {
  ...{ tenant: 'demo', id: 'upload_1', revision: 2, filename: 'in.jsonl', bytes: 6, residency: 'eu' },
  ...{ createdAt: at, expiresAt: at, state: 'completing', parts: ['part_b', 'part_a'] },
};

it('makes one file of parts, under the residency of the upload, also where it broke off before', async () => {
  const { desk } = aBatchRegion();
  for (const name of ['a', 'b'])
    await desk.objects.put(partKey(upload, `part_${name}`), Buffer.from(name.repeat(3)));
  const { read } = desk.objects;
  desk.objects.read = async () => {
    throw houseError('upstream_unavailable', { message: 'away' });
  };
  await expect(joinParts(desk, upload, at)).rejects.toThrow('away');
  expect(await desk.store.loadFile('demo', 'file-1')).toBeUndefined();
  desk.objects.read = read;
  const joined = await joinParts(desk, upload, at);
  expect(joined).toMatchObject({
    ok: true,
    value: { id: 'file-1', bytes: 6, residency: 'eu', purpose: 'batch' },
  });
  const parts: Uint8Array[] = [];
  for await (const each of (await desk.objects.read('files/demo/file-1')) ?? []) parts.push(each);
  expect(Buffer.concat(parts).toString()).toBe('bbbaaa');
  expect(await joinParts(desk, upload, at + 1)).toEqual(joined);
});

it('reads no further than what was said to come', async () => {
  const { desk } = aBatchRegion();
  for (const name of ['a', 'b'])
    await desk.objects.put(partKey(upload, `part_${name}`), Buffer.from(name.repeat(100)));
  const { read } = desk.objects;
  const asked: string[] = [];
  desk.objects.read = (key) => {
    asked.push(key);
    return read(key);
  };
  const joined = await joinParts(desk, upload, at);
  expect(joined).toMatchObject({ ok: false, refusal: { message: /have more bytes together/ } });
  expect(asked).toEqual([partKey(upload, 'part_b')]);
});

it('passes a file that another one has made of the same parts meanwhile', async () => {
  const { desk } = aBatchRegion();
  for (const name of ['a', 'b'])
    await desk.objects.put(partKey(upload, `part_${name}`), Buffer.from(name.repeat(3)));
  const { read } = desk.objects;
  let isFirst = true;
  desk.objects.read = async (key) => {
    if (isFirst) {
      isFirst = false;
      await joinParts(desk, upload, at);
    }
    return read(key);
  };
  expect(await joinParts(desk, upload, at)).toMatchObject({ ok: true, value: { id: 'file-1', bytes: 6 } });
});
