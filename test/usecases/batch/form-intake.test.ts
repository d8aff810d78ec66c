import { describe, expect, it } from 'vitest';
import { createMemoryObjectStore } from '#adapters/memory/memory-object-store.ts';
import { FormIntake, readForm } from '#usecases/batch/form-intake.ts';

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

const formOf = (...parts: readonly string[]): string =>
  `${parts.map((each) => `--b\r\n${each}\r\n`).join('')}--b--\r\n`;
const file = (text: string) => `Content-Disposition: form-data; name="data"; filename="f"\r\n\r\n${text}`;
const field = (name: string, text: string) => `Content-Disposition: form-data; name="${name}"\r\n\r\n${text}`;

async function read(text: string, bytesMax = 5) {
  const objects = createMemoryObjectStore();
  const intake = new FormIntake(() => objects.openWriter('k'), bytesMax);
  const refusal = await readForm(intake, { boundary: 'b', body: once(text) });
  await intake.writer?.finish();
  return { refusal, intake, keys: await objects.list('') };
}

describe('a form', () => {
  it('has fields, and one file of whatever name', async () => {
    const { refusal, intake, keys } = await read(formOf(field('purpose', 'batch'), file('hello')));
    expect(refusal).toBeUndefined();
    expect([...intake.fields]).toEqual([['purpose', 'batch']]);
    expect([intake.bytes, intake.filename, keys]).toEqual([5, 'f', ['k']]);
  });

  it('is refused with the number where its file is too long, and where it has two', async () => {
    expect((await read(formOf(file('hello!')))).refusal).toMatchObject({
      ...{ code: 'request_too_large', message: expect.stringContaining('5 bytes') },
    });
    expect((await read(formOf(file('a'), file('b')))).refusal).toMatchObject({ code: 'invalid_request' });
    expect((await read('--b\r\nno form')).refusal).toMatchObject({ code: 'invalid_request' });
  });
});
