import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  documentBlock,
  oneOf,
  refusedConverseMembers,
  refusedMember,
} from '#contract/bedrock-converse-parts.ts';

const messages = (schema: z.ZodType, value: unknown): readonly string[] =>
  schema.safeParse(value).error?.issues.map(({ message }) => message) ?? [];

describe("AWS's union", () => {
  const union = oneOf({ one: z.string(), two: z.unknown(), three: refusedMember('s3Location') });

  it('has one member, whatever its value', () => {
    expect(messages(union, { one: '' })).toEqual([]);
    expect(messages(union, { two: null })).toEqual([]);
  });

  it('fails with none and with two, and names those that may be', () => {
    const expected = ['must have exactly one of one, two'];
    expect(messages(union, {})).toEqual(expected);
    expect(messages(union, { one: '', two: 2 })).toEqual(expected);
  });

  it('says of a refused member why, and nothing else', () => {
    expect(messages(union, { three: 3 })).toEqual([`is not supported: ${refusedConverseMembers.s3Location}`]);
  });
});

describe('a document', () => {
  it.each([
    [{ name: 'Tide (2026) [a]-1', source: { text: 't' } }],
    [{ name: 'a', format: 'pdf', source: { bytes: 'AAAA' }, citations: { enabled: true }, context: 'c' }],
    [{ name: 'a', source: { content: [{ text: 't' }] } }],
  ])('is taken: %j', (document) => {
    expect(messages(documentBlock, document)).toEqual([]);
  });

  it.each([
    [{ name: 'a  b', source: { text: 't' } }, /single spaces/],
    [{ name: ' a', source: { text: 't' } }, /single spaces/],
    [{ name: 'a.pdf', source: { text: 't' } }, /letters, digits/],
    [{ name: 'a', source: { bytes: 'AAAA' } }, /must name the format/],
    [{ name: 'a', format: 'pdf', source: { bytes: '' } }, /must not be empty/],
    [{ name: 'a', format: 'pdf', source: { s3Location: { uri: 's3://b/k' } } }, /bucket/],
  ])('is refused: %j', (document, sentence) => {
    expect(messages(documentBlock, document).join()).toMatch(sentence);
  });
});
