import { describe, expect, it } from 'vitest';
import { readBatchLine } from '#core/batch/batch-line.ts';

const good = {
  custom_id: 'a',
  method: 'POST',
  url: '/v1/chat/completions',
  body: { model: 'chat-small', messages: [] },
};
const read = (line: unknown) =>
  readBatchLine(
    new TextEncoder().encode(typeof line === 'string' ? line : JSON.stringify(line)),
    7,
    '/v1/chat/completions',
  );
function codesOf(line: unknown) {
  const found = read(line);
  return found.ok ? [] : found.problems.map(({ code, line: number, param }) => `${number} ${code} ${param}`);
}

describe('a line of a batch', () => {
  it('is read with its name, its model and its body, numbers as they were written', () => {
    const text = JSON.stringify(good).replace('[]', '[{"n":12345678901234567890}]');
    const found = read(text);
    expect(found).toMatchObject({ ok: true, line: { customId: 'a', model: 'chat-small' } });
    expect(JSON.stringify(found.ok && found.line.body)).toContain('12345678901234567890');
  });

  it.each([
    ['{"custom_id":', ['7 invalid_json_line undefined']],
    ['', ['7 invalid_json_line undefined']],
    ['[1]', ['7 invalid_json_line undefined']],
    ['['.repeat(200), ['7 invalid_json_line undefined']],
    [{ ...good, custom_id: undefined }, ['7 missing_required_parameter custom_id']],
    [{ ...good, custom_id: 'x'.repeat(513) }, ['7 invalid_request custom_id']],
    [{ ...good, method: 'GET' }, ['7 invalid_method method']],
    [{ ...good, url: '/v1/embeddings' }, ['7 invalid_url url']],
    [{ ...good, body: [] }, ['7 invalid_request body']],
    [{ ...good, body: { model: 3 } }, ['7 invalid_request body.model']],
    [{ ...good, body: { model: 'm', stream: true } }, ['7 invalid_request body.stream']],
  ])('that is %j is refused with its number', (line, codes) => {
    expect(codesOf(line)).toEqual(codes);
  });

  it('tells everything that is wrong with it at once', () => {
    expect(codesOf({})).toHaveLength(4);
  });

  it('of another encoding is refused', () => {
    expect(readBatchLine(new Uint8Array([0xff, 0xfe]), 1, '/v1/embeddings')).toMatchObject({ ok: false });
  });
});
