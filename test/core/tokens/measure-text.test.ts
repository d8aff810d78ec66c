import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { getEncoding, type Tiktoken, type TiktokenEncoding } from 'js-tiktoken';
import { describe, expect, it } from 'vitest';
import { textTokens } from '#core/tokens/estimate-input.ts';
import { measureText } from '#core/tokens/measure-text.ts';
import { emptyShape } from '#core/tokens/text-shape.ts';
import { tokenFamilyOf } from '#core/tokens/token-family.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8');

const encoders = new Map<TiktokenEncoding, Tiktoken>();

/** To build one takes most of a second. */
function encoderOf(encoding: TiktokenEncoding): Tiktoken {
  const encoder = encoders.get(encoding) ?? getEncoding(encoding);
  encoders.set(encoding, encoder);
  return encoder;
}

const CHUNK_CHARACTERS = 1_000;

/** Pseudo-random bytes, the same each time. */
function noise(bytes: number): Buffer {
  let state = 12_345;
  return Buffer.from(
    Array.from({ length: bytes }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    }),
  );
}

const numbers = Array.from(noise(400), (byte, index) => byte * (index + 1) * 7).join(', ');

/** Texts that no price was fitted to, but for the last four kinds, whose like was. */
const texts: Readonly<Record<string, string>> = {
  english: read('test/fixtures/tokens/english.txt'),
  german: read('test/fixtures/tokens/german.txt'),
  french: read('test/fixtures/tokens/french.txt'),
  chinese: read('test/fixtures/tokens/chinese.txt'),
  japanese: read('test/fixtures/tokens/japanese.txt'),
  base64: noise(3_000).toString('base64'),
  numbers,
  code: read('src/core/tokens/measure-text.ts'),
  markdown: read('docs/ARCHITECTURE.md').slice(0, 9_000),
  json: read('data/profiles.json').slice(0, 6_000),
  'indented-json': JSON.stringify(JSON.parse(read('data/engines.json')), null, 2).slice(0, 6_000),
};

function chunksOf(text: string): readonly string[] {
  const count = Math.ceil(text.length / CHUNK_CHARACTERS);
  return Array.from({ length: count }, (_, index) =>
    text.slice(index * CHUNK_CHARACTERS, (index + 1) * CHUNK_CHARACTERS),
  ).filter((chunk) => chunk.length > 200);
}

function estimated(text: string, modelId: string): number {
  const shape = emptyShape();
  measureText(text, shape);
  return textTokens(shape, tokenFamilyOf(modelId));
}

/** Relative errors of all chunks, smallest first. */
function errorsOf(encoding: TiktokenEncoding, modelId: string, kinds: readonly string[]): readonly number[] {
  const encoder = encoderOf(encoding);
  return kinds
    .flatMap((kind) => chunksOf(texts[kind] ?? ''))
    .map((chunk) => Math.abs(estimated(chunk, modelId) / encoder.encode(chunk).length - 1))
    .sort((left, right) => left - right);
}

describe.each([
  ['o200k_base', 'openai.gpt-oss-20b-1:0'],
  ['cl100k_base', 'some-model'],
] as const)('estimates against %s', (encoding, modelId) => {
  const errors = errorsOf(encoding, modelId, Object.keys(texts));
  const at = (share: number) => errors[Math.ceil(errors.length * share) - 1] ?? 1;

  it('are off by 8 % in the middle, and by 25 % for the worst twentieth, at the most', () => {
    expect(errors.length).toBeGreaterThan(30);
    expect(at(0.5)).toBeLessThan(0.08);
    expect(at(0.95)).toBeLessThan(0.25);
  });

  it('are off by a third for no kind of text', () => {
    for (const kind of Object.keys(texts)) {
      expect(errorsOf(encoding, modelId, [kind]).at(-1), kind).toBeLessThan(1 / 3);
    }
  });
});

describe('a text that nobody would write', () => {
  const signs = [...'!@#$%^&*()_+-=[]{};:<>,.?/|~`'];
  const strange: Readonly<Record<string, string>> = {
    quotes: '"'.repeat(2_000),
    'signs by chance': [...noise(2_000)].map((byte) => signs[byte % signs.length]).join(''),
    'signs in turn': '|-'.repeat(1_000),
    'characters without width': '\u200d'.repeat(500),
    'control characters': '\u0001'.repeat(2_000),
    dashes: '‐‑‒–—―‖‗'.repeat(60),
    'white space': [...noise(2_000)].map((byte) => ' \n\t'[byte % 3]).join(''),
    'empty lines': '\n'.repeat(2_000),
  };

  it.each(Object.entries(strange))('of %s is not taken for a few tokens', (_, text) => {
    for (const [encoding, modelId] of [
      ['o200k_base', 'openai.gpt-oss-20b-1:0'],
      ['cl100k_base', 'some-model'],
    ] as const)
      expect(estimated(text, modelId)).toBeGreaterThan(encoderOf(encoding).encode(text, 'all').length / 5);
  });
});

describe('an estimate', () => {
  it('is made of 5 MB in less than a second', () => {
    // In a process of its own, where modules are not wrapped for tests.
    const script = `
      import { measureText } from '#core/tokens/measure-text.ts';
      import { emptyShape } from '#core/tokens/text-shape.ts';
      const text = JSON.parse(process.argv[1]).join('\\n').repeat(30);
      const megabytes = Buffer.byteLength(text) / 1e6;
      const speeds = Array.from({ length: 6 }, () => {
        const startedMs = performance.now();
        measureText(text, emptyShape());
        return (megabytes * 1000) / (performance.now() - startedMs);
      });
      console.log(Math.max(...speeds));`;
    const args = ['--input-type=module-typescript', '-e', script, JSON.stringify(Object.values(texts))];
    const megabytesPerSecond = Number(execFileSync(process.execPath, args, { cwd: root }));
    expect(megabytesPerSecond).toBeGreaterThan(5);
  });

  it('grows with the text, and is a number for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (one, other) => {
        const both = estimated(`${one}\n${other}`, 'any');
        expect(both).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(both)).toBe(true);
        expect(both).toBeLessThanOrEqual(4 * Buffer.byteLength(`${one}\n${other}`) + 4);
      }),
    );
  });

  it('is one token a digit where a family splits numbers', () => {
    expect(estimated('123456', 'qwen3-32b')).toBe(6);
    expect(estimated('123456', 'llama-3.1-8b')).toBeLessThan(3);
  });
});
