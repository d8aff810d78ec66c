import type { Contradiction, Deployment, Speculation } from './deployment.ts';

const FOLDER = /^[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/;
const HUGGING_FACE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]*\/[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Options of the engine that exclude each other. */
export function judgeEngineOptions(deployment: Deployment): readonly Contradiction[] {
  const { contextTokensMax, outputTokensMax, concurrencyPerCopy, stepTokensMax, speculation } = deployment;
  const answers =
    outputTokensMax === undefined || outputTokensMax <= contextTokensMax
      ? []
      : [
          {
            member: 'outputTokensMax',
            message: `${outputTokensMax} is more than the whole context of ${contextTokensMax}; must be at most that`,
          },
        ];
  const steps =
    stepTokensMax === undefined || stepTokensMax >= concurrencyPerCopy
      ? []
      : [
          {
            member: 'stepTokensMax',
            message: `${stepTokensMax} leaves no token to some of ${concurrencyPerCopy} requests in a step; must be at least concurrencyPerCopy`,
          },
        ];
  const guesses = speculation === undefined ? [] : judgeSpeculation(speculation, deployment);
  return [...answers, ...steps, ...guesses];
}

function judgeSpeculation(
  speculation: Speculation,
  { contextTokensMax, weights }: Deployment,
): readonly Contradiction[] {
  const { tokens } = speculation;
  const length =
    tokens < contextTokensMax
      ? []
      : [
          {
            member: 'speculation.tokens',
            message: `${tokens} is no less than the context of ${contextTokensMax} tokens`,
          },
        ];
  if (speculation.method === 'ngram') {
    const { lookupTokensMin, lookupTokensMax } = speculation;
    if (lookupTokensMin <= lookupTokensMax) return length;
    const message = `${lookupTokensMin} is more than lookupTokensMax, ${lookupTokensMax}; must be at most that`;
    return [...length, { member: 'speculation.lookupTokensMin', message }];
  }
  const { draft } = speculation;
  const [pattern, right] =
    weights.from === 's3'
      ? [FOLDER, 'a folder below the weights, such as "draft": the container reaches nothing else']
      : [HUGGING_FACE_ID, 'a Hugging Face id, such as "organization/model"'];
  return pattern.test(draft)
    ? length
    : [...length, { member: 'speculation.draft', message: `"${draft}" must be ${right}` }];
}
