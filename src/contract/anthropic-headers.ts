/** The headers that Anthropic's clients send with a call: checked, since a preview may change the answer. */
import type { BodyViolation } from './body-violations.ts';

export const anthropicHeaders = { version: 'anthropic-version', beta: 'anthropic-beta' } as const;

/**
 * The newer one takes the sampling parameters away from callers; here both keep them, since targets honour them. Its
 * other differences are refusals that stand for both.
 */
const versions: readonly string[] = ['2023-06-01', '2026-10-21'];

/**
 * `built-in`: what it announces is honoured without it, changes no answer, or is a field of the body that is refused by
 * its own name. `passed-on`: to Anthropic's models.
 */
export const anthropicBetas: Readonly<Record<string, 'built-in' | 'passed-on'>> = {
  'messages-2023-12-15': 'built-in',
  'tools-2024-04-04': 'built-in',
  'tools-2024-05-16': 'built-in',
  'prompt-caching-2024-07-31': 'built-in',
  'pdfs-2024-09-25': 'built-in',
  'token-counting-2024-11-01': 'built-in',
  'extended-cache-ttl-2025-04-11': 'built-in',
  'oauth-2025-04-20': 'built-in',
  'fine-grained-tool-streaming-2025-05-14': 'built-in',
  'structured-outputs-2025-11-13': 'built-in',
  'message-threads-2026-08-12': 'built-in',
  'token-efficient-tools-2025-02-19': 'passed-on',
  'output-128k-2025-02-19': 'passed-on',
  'interleaved-thinking-2025-05-14': 'passed-on',
  'context-1m-2025-08-07': 'passed-on',
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
