import { describe, expect, it } from 'vitest';
import type { Deployment } from '#core/dedicated/deployment.ts';
import { judgeEngineOptions } from '#core/dedicated/judge-engine-options.ts';
import { aDeployment } from '#test/builders/a-deployment.ts';

const messages = (changes: Partial<Deployment>) =>
  judgeEngineOptions(aDeployment(changes)).map(({ member, message }) => `${member}: ${message}`);

const hub = {
  from: 'hugging-face',
  id: 'acme/chat',
  revision: '0123456789abcdef0123456789abcdef01234567',
} as const;
const drafted = (draft: string) => ({ method: 'draft-model', tokens: 4, draft, memoryGiB: 2 }) as const;

describe('options of the engine', () => {
  it.each<[string, Partial<Deployment>, string]>([
    [
      'an answer longer than the context',
      { outputTokensMax: 40_000 },
      'outputTokensMax: 40000 is more than the whole context of 32768; must be at most that',
    ],
    [
      'steps that cannot give every request a token',
      { stepTokensMax: 8 },
      'stepTokensMax: 8 leaves no token to some of 16 requests in a step; must be at least concurrencyPerCopy',
    ],
    [
      'a range of words that is none',
      { speculation: { method: 'ngram', tokens: 4, lookupTokensMin: 5, lookupTokensMax: 4 } },
      'speculation.lookupTokensMin: 5 is more than lookupTokensMax, 4; must be at most that',
    ],
    [
      'guesses as long as the context',
      { contextTokensMax: 4, speculation: drafted('draft') },
      'speculation.tokens: 4 is no less than the context of 4 tokens',
    ],
    [
      'a draft from the hub beside weights in a bucket',
      { speculation: drafted('https://hub/acme/draft') },
      'speculation.draft: "https://hub/acme/draft" must be a folder below the weights',
    ],
    [
      'a draft above the weights',
      { speculation: drafted('../other') },
      'speculation.draft: "../other" must be a folder below the weights',
    ],
    [
      'a draft that is no id of the hub',
      { weights: hub, speculation: drafted('draft') },
      'speculation.draft: "draft" must be a Hugging Face id, such as "organization/model"',
    ],
  ])('are refused: %s', (_what, changes, message) => {
    expect(messages(changes)[0]).toContain(message);
  });

  it('may draft by a folder of the weights, or by a model of the hub', () => {
    expect(messages({ speculation: drafted('draft/v1') })).toEqual([]);
    expect(messages({ weights: hub, speculation: drafted('acme/draft') })).toEqual([]);
  });
});
