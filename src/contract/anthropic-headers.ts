/** The headers that Anthropic's clients send with a call: checked, since a preview may change the answer. */
import type { BodyViolation } from './body-violations.ts';

export const anthropicHeaders = { version: 'anthropic-version', beta: 'anthropic-beta' } as const;

const versions: readonly string[] = ['2023-06-01'];

/** `built-in`: what it announces is honoured without it, or changes no answer. `passed-on`: to Anthropic's models. */
export const anthropicBetas: Readonly<Record<string, 'built-in' | 'passed-on'>> = {
  'messages-2023-12-15': 'built-in',
  'tools-2024-04-04': 'built-in',
  'tools-2024-05-16': 'built-in',
  'prompt-caching-2024-07-31': 'built-in',
  'pdfs-2024-09-25': 'built-in',
  'token-counting-2024-11-01': 'built-in',
  'extended-cache-ttl-2025-04-11': 'built-in',
  'fine-grained-tool-streaming-2025-05-14': 'built-in',
  'structured-outputs-2025-11-13': 'built-in',
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
export function readAnthropicHeaders(headers: Headers): ReadAnthropicHeaders {
  const version = headers.get(anthropicHeaders.version);
  const betas = (headers.get(anthropicHeaders.beta) ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const unknown = betas.filter((name) => !Object.hasOwn(anthropicBetas, name));
  return {
    betas: [...new Set(betas.filter((name) => anthropicBetas[name] === 'passed-on'))],
    violations: [
      ...(version === null || versions.includes(version)
        ? []
        : [{ path: anthropicHeaders.version, message: `must be ${versions.join(', ')} or left out` }]),
      ...unknown.map((name) => ({
        path: anthropicHeaders.beta,
        message: `must not name "${name.replace(/[^\x20-\x7e]/g, '?').slice(0, 64)}": it is not known here what that preview changes`,
      })),
    ],
  };
}
