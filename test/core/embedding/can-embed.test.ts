import { describe, expect, it } from 'vitest';
import { canEmbed, textsPerCall } from '#core/embedding/can-embed.ts';
import { embeddingNeeds } from '#core/embedding/embedding-needs.ts';
import type { EmbeddingRequest } from '#core/embedding/embedding-request.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { anEmbeddingRequest } from '#test/builders/an-embedding-request.ts';

const capabilities = { input: ['TEXT'], output: ['EMBEDDING'] };
const target = (modelId: string) => aTarget({ modelId, capabilities });
const needs = (changes: Partial<EmbeddingRequest> = {}) => embeddingNeeds(anEmbeddingRequest(changes));
const titan = target('amazon.titan-embed-text-v2:0');
const cohere = target('cohere.embed-english-v3');
const container = aDedicatedTarget({ modelId: 'bge', capabilities: {} });

describe('a target can embed', () => {
  it('in the lengths that its model makes; a container is asked', () => {
    expect([256, 512, 1024, 333].map((dimensions) => canEmbed(titan, needs({ dimensions })))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(canEmbed(cohere, needs({ dimensions: 1024 }))).toBe(true);
    expect(canEmbed(cohere, needs({ dimensions: 512 }))).toBe(false);
    expect(canEmbed(container, needs({ dimensions: 333 }))).toBe(true);
  });

  it('as it is told to only where its model takes such words', () => {
    const can = (changes: Partial<EmbeddingRequest>) =>
      [titan, cohere, container].map((each) => canEmbed(each, needs(changes)));
    expect(can({ normalize: false })).toEqual([true, false, false]);
    expect(can({ truncate: 'end' })).toEqual([false, true, false]);
    expect(can({ truncate: 'none' })).toEqual([true, true, true]);
  });

  it('never where it makes none, or in a format that is not spoken', () => {
    expect(canEmbed(aTarget(), needs())).toBe(false);
    expect(canEmbed(target('twelvelabs.marengo-embed-3-0-v1:0'), needs())).toBe(false);
    expect(canEmbed(aDedicatedTarget({ capabilities: { output: ['TEXT'] } }), needs())).toBe(false);
  });

  it('so many texts a call', () => {
    expect([titan, cohere, container].map(textsPerCall)).toEqual([1, 96, 64]);
  });
});
