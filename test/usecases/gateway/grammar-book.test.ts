import { describe, expect, it } from 'vitest';
import { COMPILED_BELIEVED_MS, COMPILING_BELIEVED_MS } from '#core/decide/schema-grammars.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aStartedGateway, type TestGateway } from '#test/builders/a-gateway.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { fewNeeds } from '#test/builders/few-needs.ts';
import { answering } from '#test/builders/scripted-invoker.ts';
import { createGrammarBook } from '#usecases/gateway/grammar-book.ts';

const capabilities = { jsonSchema: true };
const east = aTarget({ capabilities });
const west = aTarget({ region: 'us-west-2', capabilities });
const noTool = { ...capabilities, toolChoiceNamed: false, toolChoiceAny: false };

const hangs = { hangs: 'before' } as const;
const FIRST_CONTENT_MS = 10_000;
const TOTAL_MS = 300_000;

const world = (targets = [east, west]) => aStartedGateway(targets, { leap: true });
const schemaOf = (name: string) => ({ type: 'object', properties: { [name]: { type: 'string' } } });

function askFor(made: TestGateway, name: string, stream = false) {
  const json_schema = { name: 'place', schema: schemaOf(name) };
  return made.chat({ stream, response_format: { type: 'json_schema', json_schema } });
}

/** Where each call went, and by which way. */
const calls = (made: TestGateway) =>
  made.invoker.calls.map(({ target, call }) => [target, 'jsonWay' in call ? call.jsonWay : undefined]);

describe('a schema that keeps structured outputs waiting', () => {
  it.each([false, true])(
    'goes by a tool at the same target, and is held against nobody (streamed: %s)',
    async (stream) => {
      const made = await world();
      made.invoker.script(east.id, hangs, answering());
      const startedMs = made.clock.monotonicMs();
      const answer = await askFor(made, 'city', stream);
      await answer.text();
      expect([answer.status, answer.headers.get('x-spillway-target')]).toEqual([200, east.id]);
      expect(made.clock.monotonicMs() - startedMs).toBe(FIRST_CONTENT_MS);
      expect(calls(made)).toEqual([
        [east.id, 'native'],
        [east.id, 'tool'],
      ]);
      const line = JSON.stringify(made.lines.find(({ event }) => event === 'request'));
      expect(line).toContain(`${east.id} first-content-timeout json-by native`);
      expect(line).toContain(`${east.id} answered json-by tool (schema-compiling)`);
      // Neither is asked less for it.
      for (let call = 0; call < 5; call += 1) await made.chat();
      expect(made.invoker.calls.slice(2).map(({ target }) => target)).toEqual(Array(5).fill(east.id));
    },
  );

  it('begins by the tool for two minutes, and no other schema does', async () => {
    const made = await world([east]);
    made.invoker.script(east.id, hangs, answering());
    await askFor(made, 'city');
    await askFor(made, 'city');
    await askFor(made, 'street');
    made.clock.advance(COMPILING_BELIEVED_MS);
    await askFor(made, 'city');
    await askFor(made, 'city');
    expect(calls(made).map(([, way]) => way)).toEqual([
      'native',
      'tool',
      'tool',
      'native',
      // Compiled meanwhile: from here on it is native again.
      'native',
      'native',
    ]);
  });

  it('is tried again by one call alone while others keep to the tool', async () => {
    const made = await world([east]);
    made.invoker.script(east.id, hangs, answering(), { ...answering(), afterMs: 5000 }, answering());
    await askFor(made, 'city');
    made.clock.advance(COMPILING_BELIEVED_MS);
    await Promise.all([askFor(made, 'city'), askFor(made, 'city'), askFor(made, 'city')]);
    expect(calls(made).map(([, way]) => way)).toEqual(['native', 'tool', 'native', 'tool', 'tool']);
  });

  it('moves on by the tool where the tool hangs too: that is the target’s own fault', async () => {
    const made = await world();
    made.invoker.script(east.id, hangs);
    const answer = await askFor(made, 'city');
    expect(answer.headers.get('x-spillway-target')).toBe(west.id);
    expect(calls(made)).toEqual([
      [east.id, 'native'],
      [east.id, 'tool'],
      [west.id, 'tool'],
    ]);
  });

  it('is within the caller’s own deadline', async () => {
    const made = await world();
    made.invoker.script(east.id, hangs, answering());
    const startedMs = made.clock.monotonicMs();
    const json_schema = { name: 'place', schema: schemaOf('city') };
    const response_format = { type: 'json_schema', json_schema };
    const answer = await made.chat({ response_format }, { 'x-spillway-deadline-ms': '900' });
    expect([answer.status, answer.headers.get('x-spillway-target')]).toEqual([200, east.id]);
    expect(made.clock.monotonicMs() - startedMs).toBe(450);
  });

  it('gets all the time that is left where no tool can be forced', async () => {
    const made = await world([
      aTarget({ capabilities: noTool }),
      aTarget({ region: 'us-west-2', capabilities: noTool }),
    ]);
    made.invoker.script(east.id, { ...answering(), afterMs: 200_000 });
    const answer = await askFor(made, 'city');
    expect([answer.status, answer.headers.get('x-spillway-target')]).toEqual([200, east.id]);
    expect(calls(made)).toEqual([[east.id, 'native']]);
    made.invoker.script(east.id, hangs);
    const startedMs = made.clock.monotonicMs();
    // Compiled there: a silence is the target's own, and the next one is asked at the usual time.
    const next = await askFor(made, 'city');
    expect(next.headers.get('x-spillway-target')).toBe(west.id);
    expect(made.clock.monotonicMs() - startedMs).toBe(FIRST_CONTENT_MS);
  });

  it('ends in the deadline where it is never compiled and no tool can be forced, and is held against nobody', async () => {
    const made = await world([aTarget({ capabilities: noTool })]);
    made.invoker.script(east.id, hangs, answering());
    const startedMs = made.clock.monotonicMs();
    expect((await askFor(made, 'city')).status).toBe(504);
    expect(made.clock.monotonicMs() - startedMs).toBe(TOTAL_MS);
    expect((await made.chat()).status).toBe(200);
    expect(calls(made)).toEqual([
      [east.id, 'native'],
      [east.id, undefined],
    ]);
  });

  it('is waited for anew where Bedrock has forgotten it', async () => {
    const made = await world();
    made.invoker.script(east.id, answering(), hangs, hangs, answering());
    for (let call = 0; call < 3; call += 1) await askFor(made, 'city');
    expect(calls(made)).toEqual([
      [east.id, 'native'],
      // It has answered by it: its silence is its own, once.
      [east.id, 'native'],
      [west.id, 'native'],
      [east.id, 'native'],
      [east.id, 'tool'],
    ]);
  });

  it('is believed to be compiled for less than a day', async () => {
    const made = await world([aTarget({ capabilities: noTool })]);
    made.invoker.script(east.id, answering(), { ...answering(), afterMs: 200_000 });
    await askFor(made, 'city');
    made.clock.advance(COMPILED_BELIEVED_MS);
    expect((await askFor(made, 'city')).status).toBe(200);
  });
});

describe('the book of grammars', () => {
  it('forgets the oldest of more schemas than it holds', () => {
    const book = createGrammarBook();
    const candidate = { ...aCandidate(), jsonWay: 'native' as const };
    for (let index = 0; index < 5000; index += 1) {
      const call = { work: { kind: 'chat' as const }, needs: { ...fewNeeds, jsonSchemaKey: String(index) } };
      book.late({ candidate, call, at: index });
    }
    const keys = [...book.known.keys()];
    expect([keys.length, keys[0]?.endsWith(' 904'), keys.at(-1)?.endsWith(' 4999')]).toEqual([
      4096,
      true,
      true,
    ]);
  });

  it('knows nothing of tools, counts and calls without a schema', () => {
    const book = createGrammarBook();
    const needs = { ...fewNeeds, jsonSchemaKey: 'a' };
    const chat = { work: { kind: 'chat' as const }, needs };
    const native = { ...aCandidate(), jsonWay: 'native' as const };
    for (const asked of [
      { candidate: { ...native, jsonWay: 'tool' as const }, call: chat },
      { candidate: aCandidate(), call: chat },
      { candidate: native, call: { ...chat, work: { kind: 'count-tokens' as const } } },
      { candidate: native, call: { ...chat, needs: fewNeeds } },
    ]) {
      book.late({ ...asked, at: 0 });
      book.answered({ ...asked, at: 0 });
    }
    expect(book.known.size).toBe(0);
  });
});
