/** What discovery's codes say, in words for people who never read them before. */
import type { CellKind, Repairer } from '#contract/availability-cells.ts';

const stateTexts: Readonly<Record<string, string>> = {
  available: 'can be called',
  legacy: 'can be called, and its provider is retiring it',
  warm: 'copies are in service',
  'profile-only': 'the plain model id cannot be called on demand here',
  'not-authorized': 'the account is not cleared for this model',
  'not-entitled': 'the account has no entitlement to this model',
  'no-agreement': 'the model agreement is not accepted',
  'not-offered': 'AWS does not offer it here',
  'quota-zero': 'its quota is 0 here',
  denied: 'a call was refused',
  warming: 'copies are being started',
  cold: 'it is scaled to zero',
  unknown: 'AWS has not said yet',
};

/** The state alone where it is one that this page does not know. */
export const stateText = (state: string): string => stateTexts[state] ?? state.replaceAll('-', ' ');

const reasonTexts: readonly (readonly [start: string, text: string])[] = [
  ['agreement-pending', 'the Marketplace subscription is in progress'],
  ['agreement-error', 'the Marketplace subscription failed'],
  ['agreement', 'GetFoundationModelAvailability: no agreement is in force'],
  ['authorization', 'GetFoundationModelAvailability: the account is not authorized'],
  ['entitlement', 'GetFoundationModelAvailability: no entitlement'],
  ['region', 'GetFoundationModelAvailability: not available in this region'],
  ['absent-but-available', 'missing from the last list, while AWS still calls it available'],
  ['absent-', 'missing from the last lists; one more sign decides'],
  ['reach-unknown', 'AWS did not list where this profile runs'],
  ['denied-by-signal', 'a request of a gateway was refused there'],
  ['denied-by-verification', 'the daily proof by one token was refused there'],
  ['quota-zero', 'Service Quotas says 0'],
  ['list-failed', 'the last list could not be read'],
  ['list-empty', 'the last list was empty, which counts as unknown'],
  ['availability-failed', 'the last question about access had no answer'],
  ['access-not-checked', 'access is not checked for this model'],
  ['access-not-asked', 'access was not asked for yet'],
  ['endpoint-not-found', 'there is no such endpoint'],
  ['endpoint-failed', 'the endpoint’s description could not be read'],
  ['endpoint-status-', 'what SageMaker says of the endpoint'],
  ['model-not-found', 'AWS knows no such model here'],
  ['not-listed', 'no list names it here'],
];

/** Undefined for a code that this page does not know: the code itself is then all there is to say. */
export const reasonText = (reason: string): string | undefined =>
  reasonTexts.find(([start]) => reason.startsWith(start))?.[1];

export const repairerTexts: Readonly<Record<Repairer, string>> = {
  'account-owner': 'The owner of the account can repair it',
  'aws-support': 'AWS Support can repair it',
  wait: 'It passes by itself',
  nobody: 'Nobody has to, or can, repair it',
};

/** What the shape in a cell says, as the beginning of a sentence about it. */
export const verdicts: Readonly<Record<CellKind, string>> = {
  warm: 'Can be called: dedicated copies are in service',
  plain: 'Can be called in the region itself',
  profile: 'Can be called by a geographic profile, which may run it in any region of its geography',
  'global-only': 'Can be called by a global profile only, which may run it in any commercial region',
  legacy: 'Can be called, and its provider is retiring it',
  cold: 'Cannot be called at once: it is scaled to zero and has to be woken',
  blocked: 'Cannot be called: it is offered here, and something blocks it',
  unknown: 'Not known: AWS has not said whether it can be called',
  'not-offered': 'Cannot be called: AWS does not offer it here',
};

const providerTexts: Readonly<Record<string, string>> = {
  ai21: 'AI21 Labs',
  deepseek: 'DeepSeek',
  openai: 'OpenAI',
  twelvelabs: 'TwelveLabs',
  nvidia: 'NVIDIA',
  zai: 'Z.AI',
  minimax: 'MiniMax',
};

/** `Anthropic` of `anthropic.claude-…`. */
export function providerOf(modelId: string): string {
  const word = modelId.split('.')[0] ?? modelId;
  return providerTexts[word] ?? word.charAt(0).toUpperCase() + word.slice(1);
}
