/** What an OpenAI-shaped container answers, as canonical events; for a caller of the same format also as it came. */

import type { ModelEvent } from '#core/chat/model-event.ts';
import type { SourceBody } from '#core/chat/source-body.ts';
import { type JsonObject, MalformedAnswer, parseExactJsonObject } from './answer-reader.ts';
import { ContainerEvents } from './container-events.ts';
import { inOpenAiSpelling } from './openai-spelling.ts';
import { containerFailure, type DataReader } from './server-sent-lines.ts';
import { statusOf } from './upstream-error-answer.ts';

/** What of a caller's own format is wanted of the answer. */
export interface Wanted {
  readonly source: SourceBody | undefined;
  /** The logical model, which the caller asked for. */
  readonly model: string;
}

const encoder = new TextEncoder();
/** Usage and marks follow an answer's end; they wait until the stream has ended well, and take memory until then. */
const AFTER_END_CHARACTERS_MAX = 256 * 1024;
const DONE = '[DONE]';

/** Reads one streamed answer. */
export class ContainerReader implements DataReader {
  readonly #events = new ContainerEvents();
  readonly #wanted: Wanted;
  readonly verbatim: boolean;
  #done = false;
  #afterEndCharacters = 0;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
    this.verbatim = wanted.source?.format === 'openai-chat' && wanted.source.streamed;
  }

  read(data: string, arrived: ModelEvent[]): void {
    this.#done ||= data === DONE;
    if (this.#done) return;
    if (this.#events.stopped) this.#afterEndCharacters += data.length;
    if (this.#afterEndCharacters > AFTER_END_CHARACTERS_MAX)
      throw new MalformedAnswer(`more than ${AFTER_END_CHARACTERS_MAX} characters follow the finish_reason`);
    readChunk(data, { events: this.#events, wanted: this.#wanted, arrived });
  }

  missing(): string | undefined {
    if (!this.#events.stopped) return 'a finish_reason';
    return this.#done ? undefined : DONE;
  }
}

/** Reads an answer that came whole; answers what it lacks. */
export function readContainerAnswer(text: string, wanted: Wanted, arrived: ModelEvent[]): string | undefined {
  const events = new ContainerEvents();
  // In one piece there are no bytes to hand on to a caller of a stream.
  const source = wanted.source?.streamed === true ? undefined : wanted.source;
  readChunk(text, { events, wanted: { ...wanted, source }, arrived });
  return events.stopped ? undefined : 'a finish_reason';
}

interface Reading {
  readonly events: ContainerEvents;
  readonly wanted: Wanted;
  readonly arrived: ModelEvent[];
}

function readChunk(data: string, { events, wanted, arrived }: Reading): void {
  const chunk = containerChunk(data);
  for (const event of events.push(chunk)) arrived.push(event);
  const { source, model } = wanted;
  if (source?.format !== 'openai-chat') return;
  if (!source.streamed) arrived.push(ownMembers(chunk));
  else if (source.showsUsage || !isUsageAlone(chunk))
    arrived.push({ type: 'verbatim', bytes: encoder.encode(`data: ${renamed(data, chunk, model)}\n\n`) });
}

/** One chunk. A container reports a failure after its 200 as an `error` object in place of a chunk. */
export function containerChunk(data: string): JsonObject {
  const chunk = parseExactJsonObject(data, 'a chunk');
  const { error } = chunk;
  if (typeof error === 'string') throw containerFailure(error, statusOf(chunk.code));
  if (typeof error !== 'object' || error === null) return chunk;
  // The status has another name in TGI's messages API.
  const { message, code, http_status_code: status } = error as Readonly<Record<string, unknown>>;
  throw containerFailure(message, statusOf(code) ?? statusOf(status));
}

/** Asked of every container, and of interest to those callers only who asked for it too. */
function isUsageAlone({ choices, usage }: JsonObject): boolean {
  return usage !== undefined && usage !== null && Array.isArray(choices) && choices.length === 0;
}

/**
 * The chunk under the logical model's name. Inside of a JSON text a quote is always escaped, so this member can be found
 * without taking the text apart; where it stands in no common spelling the chunk is written anew.
 */
function renamed(data: string, chunk: JsonObject, model: string): string {
  // Between two members it is white space to JSON, and the end of a line to readers of events.
  if (data.includes('\r')) return JSON.stringify({ ...chunk, ...inOpenAiSpelling(chunk), model });
  const respelled = inOpenAiSpelling(chunk);
  if (respelled !== undefined) return JSON.stringify({ ...respelled, model });
  const named = JSON.stringify(chunk.model);
  if (chunk.model === undefined || chunk.model === model) return data;
  const wanted = JSON.stringify(model);
  for (const between of ['', ' ']) {
    const member = `"model":${between}${named}`;
    const at = data.indexOf(member);
    // One that stands there twice may be another member's, and the first of them.
    if (at >= 0 && at === data.lastIndexOf(member))
      return `${data.slice(0, at)}"model":${between}${wanted}${data.slice(at + member.length)}`;
  }
  return JSON.stringify({ ...chunk, model });
}

const knownMembers = new Set(['id', 'object', 'created', 'model', 'choices', 'usage', 'error']);
const knownInChoice = new Set(['index', 'delta', 'message', 'finish_reason', 'logprobs']);

/** A list is of one chunk's tokens alone and would be half of something: it is left out. */
function ownMembers(chunk: JsonObject): ModelEvent {
  const [first] = Array.isArray(chunk.choices) ? chunk.choices : [];
  return {
    type: 'own-members',
    answer: others(chunk, knownMembers),
    choice: others(first ?? {}, knownInChoice),
  };
}

function others(members: JsonObject, known: ReadonlySet<string>): JsonObject {
  const kept = Object.entries(members).filter(([name, value]) => !known.has(name) && !Array.isArray(value));
  return Object.fromEntries(kept);
}
