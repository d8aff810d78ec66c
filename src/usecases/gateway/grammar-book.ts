import type { WorkKind, WorkNeeds } from '#core/call/work.ts';
import type { Candidate } from '#core/decide/decision.ts';
import {
  COMPILED_BELIEVED_MS,
  COMPILING_BELIEVED_MS,
  compiledKey,
  compilingKey,
} from '#core/decide/schema-grammars.ts';
import type { InstantMs } from '#core/units/instant-ms.ts';

/** Far more schemas than a gateway meets in a day; beyond it the oldest go, and count as never seen. */
const ENTRIES_MAX = 4096;

/**
 * Which schemas this process saw Bedrock compile. Each function is told of an attempt at the moment of its name, and
 * cares only for those of a chat that ask for structured outputs.
 */
export interface GrammarBook {
  /** By `compilingKey` and `compiledKey`. */
  readonly known: ReadonlyMap<string, InstantMs>;
  /** The hold is over and this attempt tries again: others keep to the tool meanwhile. */
  began(asked: AskedOfGrammar): void;
  answered(asked: AskedOfGrammar): void;
  /** It was waited for in vain: it is compiling; or Bedrock has forgotten it, and the next wait may be for that. */
  late(asked: AskedOfGrammar): void;
}

export interface AskedOfGrammar {
  readonly candidate: Candidate;
  readonly call: { readonly work: { readonly kind: WorkKind }; readonly needs: WorkNeeds };
  readonly at: InstantMs;
}

export function createGrammarBook(): GrammarBook {
  const known = new Map<string, InstantMs>();
  const put = (key: string, until: InstantMs): void => {
    known.delete(key);
    known.set(key, until);
    if (known.size <= ENTRIES_MAX) return;
    const oldest = known.keys().next().value;
    if (oldest !== undefined) known.delete(oldest);
  };
  return {
    known,
    began: (asked) => {
      const schema = schemaOf(asked);
      if (schema === undefined) return;
      const { at } = asked;
      const compiling = compilingKey(asked.candidate.target, schema);
      const until = known.get(compiling);
      if (until !== undefined && until <= at) put(compiling, at + COMPILING_BELIEVED_MS);
    },
    answered: (asked) => {
      const schema = schemaOf(asked);
      if (schema === undefined) return;
      const { candidate, at } = asked;
      const { target } = candidate;
      known.delete(compilingKey(target, schema));
      const compiled = compiledKey(target, schema);
      // Counted from the first answer: it is kept no longer for being used.
      if ((known.get(compiled) ?? 0) <= at) put(compiled, at + COMPILED_BELIEVED_MS);
    },
    late: (asked) => {
      const schema = schemaOf(asked);
      if (schema === undefined) return;
      const { candidate, at } = asked;
      const { target } = candidate;
      const compiled = compiledKey(target, schema);
      if ((known.get(compiled) ?? 0) > at) known.delete(compiled);
      else put(compilingKey(target, schema), at + COMPILING_BELIEVED_MS);
    },
  };
}

/** The schema that the attempt has Bedrock compile; undefined where it has it compile none. */
export function schemaOf({ candidate, call }: Omit<AskedOfGrammar, 'at'>): string | undefined {
  const { work, needs } = call;
  if (candidate.jsonWay !== 'native' || work.kind !== 'chat' || needs.work === 'embedding') return undefined;
  return needs.jsonSchemaKey;
}
