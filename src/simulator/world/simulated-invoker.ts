import type { ChatMessage } from '#core/chat/chat-request.ts';
import type { Target } from '#core/target.ts';
import type { ModelCall, ModelInvoker, TargetCall } from '#usecases/ports/model-invoker.ts';
import type { ServingWorld } from './serving.ts';
import { SimulatedAnswer } from './simulated-answer.ts';
import type { SimulatedRequest } from './simulated-request.ts';

/** A call that left a gateway: what judges see of it. */
export interface SentCall {
  readonly target: Target;
  /** Region of the gateway that sent it. */
  readonly gateway: string;
  /** For whom. @default - the product's own, to wake a target */
  readonly request: SimulatedRequest | undefined;
  /** It is sent only to wake its target: one token, that nobody waits for. */
  readonly isWakeUp: boolean;
  readonly answer: SimulatedAnswer;
}

/** Whose call it is, by its first message. */
export type CallersOfMessages = WeakMap<ChatMessage, SimulatedRequest>;

/** What the product sends by itself is as short as this. */
const OWN_TOKENS = 8;
const WAKE_UP_TOKENS = 1;

/** Calls targets of the world, as one gateway does. */
export class SimulatedInvoker implements ModelInvoker {
  readonly #gateway: string;
  readonly #world: ServingWorld;
  readonly #callers: CallersOfMessages;
  readonly #onSent: (sent: SentCall) => void;

  constructor(parts: {
    readonly gateway: string;
    readonly world: ServingWorld;
    readonly callers: CallersOfMessages;
    readonly onSent: (sent: SentCall) => void;
  }) {
    this.#gateway = parts.gateway;
    this.#world = parts.world;
    this.#callers = parts.callers;
    this.#onSent = parts.onSent;
  }

  converse(call: ModelCall): Promise<SimulatedAnswer> {
    const { target, maxTokens, signal } = call;
    const [message] = call.request.messages;
    const request = message === undefined ? undefined : this.#callers.get(message);
    const { inputTokens = OWN_TOKENS, outputTokens = 1 } = request ?? {};
    const served = { target, inputTokens, outputTokens, maxTokens };
    const isWakeUp = maxTokens === WAKE_UP_TOKENS;
    const answer = new SimulatedAnswer(served, signal, (sent) => {
      call.onSent?.();
      this.#onSent({ target, gateway: this.#gateway, request, isWakeUp, answer: sent });
    });
    answer.serve((listener) => this.#world.begin(served, listener));
    return answer.begun.promise as Promise<SimulatedAnswer>;
  }

  /** Nobody in the world asks for vectors yet. */
  embed(call: TargetCall): never {
    throw new Error(`the world has no embeddings, and ${call.target.id} was asked for some`);
  }

  countTokens(call: TargetCall): never {
    throw new Error(`the world counts no tokens, and ${call.target.id} was asked to`);
  }
}
