import type { ChatRequest } from '../../chat/chat-request.ts';
import type { Report } from './conversation.ts';

interface FunctionTool {
  readonly name: string;
  readonly description?: string | null | undefined;
  /** A JSON schema of type object. */
  readonly parameters?: unknown;
  /** Arguments must satisfy the schema to the letter. Null and false ask for nothing. */
  readonly strict?: boolean | null | undefined;
}

export type FunctionChoice =
  | 'none'
  | 'auto'
  | 'required'
  | { readonly name: string }
  | { readonly mode: 'auto' | 'required'; readonly names: readonly string[] };

export interface OfferedTools {
  readonly tools: readonly FunctionTool[];
  readonly choice: FunctionChoice;
  /** True when the conversation holds the result of a call: targets then demand the tools. */
  readonly used: boolean;
}

const anyObject = { type: 'object', properties: {} };

/** With `none` the tools are left out, unless the conversation already used them: targets then want to know them. */
export function toolsOf({ tools, choice, used }: OfferedTools, report: Report): ChatRequest['tools'] {
  if (tools.length === 0) {
    if (typeof choice === 'object' || choice === 'required') report('tool_choice', 'needs tools');
    return undefined;
  }
  const names = tools.map((tool) => tool.name);
  if (new Set(names).size !== names.length) report('tools', 'must have names that differ');
  const allowed = typeof choice === 'object' && 'names' in choice ? choice.names : names;
  const wanted = typeof choice === 'object' && 'name' in choice ? [choice.name] : allowed;
  for (const name of wanted.filter((name) => !names.includes(name))) {
    report('tool_choice', `"${name}" is none of tools: ${names.join(', ')}`);
  }
  const specifications = tools
    .filter((tool) => allowed.includes(tool.name))
    .map(({ name, description, parameters, strict }) => ({
      name,
      ...(description == null || description === '' ? {} : { description }),
      inputSchema: parameters ?? anyObject,
      ...(strict === true ? { strict } : {}),
    }));
  if (typeof choice === 'object' && 'name' in choice)
    return { specifications, choice: { kind: 'tool', name: choice.name } };
  const mode = typeof choice === 'object' ? choice.mode : choice;
  if (mode === 'required') return { specifications, choice: { kind: 'any' } };
  if (mode === 'none') return used ? { specifications, choice: { kind: 'none' } } : undefined;
  return { specifications, choice: { kind: 'auto' } };
}
