/** The headers that Anthropic's clients send with a call: checked, since a preview may change the answer. */
import type { BodyViolation } from './body-violations.ts';

export const anthropicHeaders = { version: 'anthropic-version', beta: 'anthropic-beta' } as const;

/**
 * The newer one takes the sampling parameters away from callers; here both keep them, since targets honour them. Its
 * other differences are refusals that stand for both.
 */
const versions: readonly string[] = ['2023-06-01', '2026-10-21'];

/**
 * `built-in`: what it announces is honoured without it, changes no answer, or is a field of the body or a tool's type that
 * is refused by its own name. `passed-on`: to Anthropic's models.
 *
 * Sources: AWS, the Bedrock User Guide's lists of beta headers of Claude (pages model-parameters-anthropic-claude-messages
 * request-response and -tool-use, 2026), which name all that is passed on; Anthropic's own client 1.12.0 (`AnthropicBeta`,
 * and what its helpers send by themselves); its releases of 2024 for the first three.
 */
export const anthropicBetas: Readonly<Record<string, 'built-in' | 'passed-on'>> = {
  'messages-2023-12-15': 'built-in',
  'tools-2024-04-04': 'built-in',
  'tools-2024-05-16': 'built-in',
  'prompt-caching-2024-07-31': 'built-in',
  'pdfs-2024-09-25': 'built-in',
  'token-counting-2024-11-01': 'built-in',
  'extended-cache-ttl-2025-04-11': 'built-in',
  // Sent by the client where a token of OAuth stands for a key.
  'oauth-2025-04-20': 'built-in',
  // Says how finely a tool's input is streamed. AWS knows it too, for four models.
  'fine-grained-tool-streaming-2025-05-14': 'built-in',
  'structured-outputs-2025-11-13': 'built-in',
  // Sent by the client's `beta.messages.parse`.
  'structured-outputs-2025-12-15': 'built-in',
  // Sent by the client's tool runner.
  'message-threads-2026-08-12': 'built-in',
  // AWS: each says nothing without its field (`context_management`, `input_examples`) or a tool of its type.
  'context-management-2025-06-27': 'built-in',
  'tool-examples-2025-10-29': 'built-in',
  'tool-search-tool-2025-10-19': 'built-in',
  'computer-use-2024-10-22': 'built-in',
  'computer-use-2025-01-24': 'built-in',
  'computer-use-2025-11-24': 'built-in',
  'token-efficient-tools-2025-02-19': 'passed-on',
  'output-128k-2025-02-19': 'passed-on',
  'interleaved-thinking-2025-05-14': 'passed-on',
  'dev-full-thinking-2025-05-14': 'passed-on',
  'context-1m-2025-08-07': 'passed-on',
  'effort-2025-11-24': 'passed-on',
};

export interface ReadAnthropicHeaders {
  /** Previews for the model, in the order in which they came. */
  readonly betas: readonly string[];
  readonly violations: readonly BodyViolation[];
}

/** Both headers may be left out: a version says nothing where there is one. */
export function readAnthropicHeaders(headers: Pick<Headers, 'get'>): ReadAnthropicHeaders {
  const version = headers.get(anthropicHeaders.version);
  const names = (headers.get(anthropicHeaders.beta) ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const { betas, violations } = readAnthropicBetas(names, anthropicHeaders.beta);
  const known = version === null || versions.includes(version);
  const message = `must be ${versions.join(' or ')}, or left out`;
  return {
    betas,
    violations: [...(known ? [] : [{ path: anthropicHeaders.version, message }]), ...violations],
  };
}

/** @param path where the names stand, for violations */
export function readAnthropicBetas(names: readonly string[], path: string): ReadAnthropicHeaders {
  const unknown = names.filter((name) => !Object.hasOwn(anthropicBetas, name));
  return {
    betas: [...new Set(names.filter((name) => anthropicBetas[name] === 'passed-on'))],
    violations: unknown.map((name) => ({
      path,
      message: `must not name "${name.replace(/[^\x20-\x7e]/g, '?').slice(0, 64)}": it is not known here what that preview changes`,
    })),
  };
}
