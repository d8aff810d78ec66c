import type { Target } from '#core/target.ts';
import type { BatchEvents } from '#serving-model/batch-engine.ts';
import type { Cancel, VirtualTime } from '../engine/virtual-time.ts';
import type { ServedCall, Serving, ServingListener, ServingWorld } from '../world/serving.ts';
import { signalOfRefusal } from './refusal-signal.ts';
import type { ServingBackend } from './serving-backend.ts';

/** From a call to the answer that it is refused. Assumed; a refusal costs a round trip and little else. */
const REFUSAL_MS = 30;
/** A stream brings what was written at least so often: well below the gap that the gateway takes for a stall. */
const PIECE_MS = 4_000;

/** Serves a world’s calls by the backends behind its targets. Backends count time from the beginning of the world. */
export class ModelledServing implements ServingWorld {
  readonly #time: VirtualTime;
  readonly #backendOf: (target: Target) => ServingBackend;
  readonly #drivers = new Map<ServingBackend, BackendDriver>();

  /** @param backendOf what stands behind a target; the same for targets that share it */
  constructor(time: VirtualTime, backendOf: (target: Target) => ServingBackend) {
    this.#time = time;
    this.#backendOf = backendOf;
  }

  begin(call: ServedCall, listener: ServingListener): Serving {
    const backend = this.#backendOf(call.target);
    let driver = this.#drivers.get(backend);
    if (driver === undefined) {
      driver = new BackendDriver(this.#time, backend);
      this.#drivers.set(backend, driver);
    }
    return driver.begin(call, listener);
  }
}

/** Moves one backend on whenever it has something to do, and tells listeners what became of their calls. */
class BackendDriver implements BatchEvents {
  readonly #time: VirtualTime;
  readonly #backend: ServingBackend;
  readonly #calls = new Map<number, ModelledCall>();
  #lastId = 0;
  #plannedMs = Number.POSITIVE_INFINITY;
  #cancelPlanned: Cancel | undefined;
  /** Until when the backend was moved on. The world's time may be a rounding error behind. */
  #atMs = 0;
  #hasTold = false;

  constructor(time: VirtualTime, backend: ServingBackend) {
    this.#time = time;
    this.#backend = backend;
  }

  begin({ inputTokens, outputTokens, maxTokens }: ServedCall, listener: ServingListener): Serving {
    const atMs = this.#catchUp();
    this.#lastId += 1;
    const id = this.#lastId;
    listener.left();
    const refusal = this.#backend.enter(atMs, {
      id,
      inputTokens,
      outputTokens: Math.min(outputTokens, maxTokens),
      outputTokensMax: maxTokens,
    });
    this.#plan();
    if (refusal !== undefined) {
      const cancel = this.#time.after(REFUSAL_MS, () => listener.failed(signalOfRefusal(refusal)));
      return { abort: cancel };
    }
    const tokens = Math.min(outputTokens, maxTokens);
    const call: ModelledCall = { listener, tokens, written: 0, cancelPiece: undefined };
    this.#calls.set(id, call);
    return { abort: () => this.#abort(id, call) };
  }

  firstToken(id: number): void {
    const call = this.#calls.get(id);
    if (call === undefined) return;
    this.#wrote(call, 1);
    call.cancelPiece = this.#time.after(PIECE_MS, () => this.#piece(id, call));
  }

  finished(id: number): void {
    const call = this.#calls.get(id);
    if (call === undefined) return;
    this.#close(id, call);
    this.#wrote(call, call.tokens);
    call.listener.finished();
    this.#hasTold = true;
  }

  /** Nothing that a caller hears: its stream pauses. */
  preempted(): undefined {
    return undefined;
  }

  #abort(id: number, call: ModelledCall): void {
    if (!this.#calls.has(id)) return;
    const atMs = this.#catchUp();
    this.#close(id, call);
    this.#backend.leave(id, atMs);
    this.#plan();
  }

  #piece(id: number, call: ModelledCall): boolean {
    this.#hasTold = false;
    const atMs = this.#catchUp();
    this.#wrote(call, this.#backend.writtenTokens(id, atMs));
    this.#plan();
    if (this.#calls.has(id)) call.cancelPiece = this.#time.after(PIECE_MS, () => this.#piece(id, call));
    return this.#hasTold;
  }

  #wrote(call: ModelledCall, written: number): void {
    const more = written - call.written;
    if (more <= 0) return;
    call.written = written;
    call.listener.wrote(more);
    this.#hasTold = true;
  }

  #close(id: number, call: ModelledCall): void {
    call.cancelPiece?.();
    this.#calls.delete(id);
  }

  /** The backend's present, after all that was due in it. */
  #catchUp(atMs = this.#time.elapsedMs): number {
    this.#atMs = Math.max(this.#atMs, atMs);
    this.#backend.advance(this.#atMs, this);
    return this.#atMs;
  }

  #plan(): void {
    const nextMs = this.#backend.nextAtMs();
    if (nextMs === this.#plannedMs) return;
    this.#cancelPlanned?.();
    this.#plannedMs = nextMs;
    this.#cancelPlanned = undefined;
    if (nextMs === Number.POSITIVE_INFINITY) return;
    this.#cancelPlanned = this.#time.after(nextMs - this.#time.elapsedMs, () => this.#due(nextMs));
  }

  #due(dueMs: number): boolean {
    this.#plannedMs = Number.POSITIVE_INFINITY;
    this.#hasTold = false;
    this.#catchUp(Math.max(dueMs, this.#time.elapsedMs));
    this.#plan();
    return this.#hasTold;
  }
}

interface ModelledCall {
  readonly listener: ServingListener;
  readonly tokens: number;
  /** Tokens that its listener was told of. */
  written: number;
  cancelPiece: Cancel | undefined;
}
