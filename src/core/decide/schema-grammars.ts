/**
 * What is known of the grammars that Bedrock compiles of the schemas of JSON answers. The first call with a schema "may
 * take up to a few minutes"; the grammar is then kept for 24 hours (Bedrock User Guide, "Get validated JSON results from
 * models"). Until it is there a wait is the schema's doing, and says nothing of the target.
 */
import type { ChatNeeds } from '../chat/chat-request.ts';
import type { Target } from '../target.ts';
import type { InstantMs } from '../units/instant-ms.ts';
import type { Conditions } from './decision.ts';

/** How long calls with a schema that was waited for go by a tool before one of them tries structured outputs again. */
export const COMPILING_BELIEVED_MS = 120_000;
/** Bedrock keeps a grammar for 24 hours from its first use, which may have been somebody else's. */
export const COMPILED_BELIEVED_MS = 23 * 3_600_000;

/** Of the model everywhere: a region that has not compiled it yet says that others have not either. */
export function compilingKey({ modelId }: Target, schemaKey: string): string {
  return `compiling:${modelId} ${schemaKey}`;
}

/** Of the one target that answered: accounts and regions compile for themselves. */
export function compiledKey({ id }: Target, schemaKey: string): string {
  return `compiled:${id} ${schemaKey}`;
}

interface Asked {
  readonly needs: Pick<ChatNeeds, 'jsonSchemaKey'>;
  readonly conditions: Pick<Conditions, 'grammars'>;
  readonly at: InstantMs;
}

/** Whether a call had to wait for this grammar so lately that the next had better not. */
export function isCompiling(target: Target, { needs, conditions: { grammars }, at }: Asked): boolean {
  if (grammars.size === 0 || needs.jsonSchemaKey === undefined) return false;
  return (grammars.get(compilingKey(target, needs.jsonSchemaKey)) ?? 0) > at;
}

/** Whether the target has answered by this grammar and still has it. */
export function isCompiled(target: Target, { needs, conditions: { grammars }, at }: Asked): boolean {
  if (grammars.size === 0 || needs.jsonSchemaKey === undefined) return false;
  return (grammars.get(compiledKey(target, needs.jsonSchemaKey)) ?? 0) > at;
}
