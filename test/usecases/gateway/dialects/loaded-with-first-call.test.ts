import { expect, it } from 'vitest';
import { loadedWithFirstCall } from '#usecases/gateway/dialects/loaded-with-first-call.ts';
import { openAiChat } from '#usecases/gateway/dialects/openai-chat.ts';
import { openAiErrors } from '#usecases/gateway/dialects/openai-errors.ts';

const body = { model: 'chat-small', messages: [{ role: 'user', content: 'hello' }] };
const read = (format: ReturnType<typeof loadedWithFirstCall>) => format.read(body, {}, new Headers());

it('loads a dialect with the first call, and reads the later ones at once', async () => {
  let loads = 0;
  const format = loadedWithFirstCall(openAiErrors, async () => {
    loads += 1;
    return openAiChat;
  });
  expect(loads).toBe(0);
  expect(await read(format)).toMatchObject({ ok: true });
  expect(read(format)).toMatchObject({ ok: true });
  expect(loads).toBe(1);
});

it('reads the first call at once where the dialect was loaded before', async () => {
  const format = loadedWithFirstCall(openAiErrors, async () => openAiChat);
  await format.load();
  expect(read(format)).toMatchObject({ ok: true });
});

it('fails the call whose dialect could not be loaded, and loads it again for the next', async () => {
  let loads = 0;
  const format = loadedWithFirstCall(openAiErrors, async () => {
    loads += 1;
    if (loads === 1) throw new Error('no such file');
    return openAiChat;
  });
  await expect(read(format)).rejects.toThrow('no such file');
  expect(await read(format)).toMatchObject({ ok: true });
});
