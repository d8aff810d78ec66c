import type { CallTrouble, Fault } from '#contract/swarm-scenario.ts';
import type { Target } from '#core/target.ts';
import type { EndpointStatus } from '#usecases/ports/endpoint-inventory.ts';
import type { Draw } from '../engine/chance.ts';
import type { Cancel, VirtualTime } from '../engine/virtual-time.ts';
import type { ServedCall, Serving, ServingListener, ServingWorld } from '../world/serving.ts';

const FIRST_TOKEN_MS = [150, 900] as const;
const TOKEN_MS = 12;
const SLOW_FACTOR = 20;
/** No gap between two pieces of a healthy answer is longer. */
const PIECE_MS_MAX = 4_000;
const ERROR_MS = [5, 80] as const;
const COPIES = 2;

/** Targets that are as quick as chance has it and fail as the faults of the moment say. */
export class SwarmServing implements ServingWorld {
  readonly #time: VirtualTime;
  readonly #draw: Draw;
  readonly #faults: readonly Fault[];
  readonly #inFlight = new Map<string, number>();

  constructor(time: VirtualTime, draw: Draw, faults: readonly Fault[]) {
    this.#time = time;
    this.#draw = draw;
    this.#faults = faults;
  }

  /** Calls under way at a target. */
  inFlight(targetId: string): number {
    return this.#inFlight.get(targetId) ?? 0;
  }

  copiesOf(endpoint: string): EndpointStatus {
    const copies = this.#active().some((fault) => fault.kind === 'cold' && fault.endpoint === endpoint)
      ? 0
      : COPIES;
    return { status: 'InService', copiesInService: copies, copiesDesired: copies };
  }

  begin(call: ServedCall, listener: ServingListener): Serving {
    const { id } = call.target;
    this.#inFlight.set(id, this.inFlight(id) + 1);
    const leave = () => void this.#inFlight.set(id, this.inFlight(id) - 1);
    const served = new SwarmCall({ time: this.#time, draw: this.#draw, call, listener, leave });
    served.begin(this.#troubleOf(call.target));
    return served;
  }

  #troubleOf(target: Target): CallTrouble | 'cold' | undefined {
    for (const fault of this.#active()) {
      if (fault.kind === 'region' && fault.region === target.region) return fault.trouble;
      if (fault.kind === 'model' && fault.modelId === target.modelId) return fault.trouble;
      if (fault.kind === 'cold' && fault.endpoint === target.endpoint) return 'cold';
    }
    return undefined;
  }

  #active(): readonly Fault[] {
    const seconds = this.#time.elapsedMs / 1000;
    return this.#faults.filter(
      ({ fromSeconds, untilSeconds }) => fromSeconds <= seconds && seconds < untilSeconds,
    );
  }
}

interface SwarmCallParts {
  readonly time: VirtualTime;
  readonly draw: Draw;
  readonly call: ServedCall;
  readonly listener: ServingListener;
  readonly leave: () => void;
}

class SwarmCall implements Serving {
  readonly #parts: SwarmCallParts;
  #cancel: Cancel | undefined;
  #open = true;

  constructor(parts: SwarmCallParts) {
    this.#parts = parts;
  }

  begin(trouble: CallTrouble | 'cold' | undefined): void {
    const { draw, listener } = this.#parts;
    const error = () => draw.between(...ERROR_MS);
    if (trouble !== 'dark' && trouble !== 'no-credentials') listener.left();
    switch (trouble) {
      case 'hangs':
        break;
      case 'dark':
        this.#fail(error(), { kind: 'connect', message: 'refused' });
        break;
      case 'no-credentials':
        this.#fail(error(), { kind: 'credentials', message: 'the role cannot be assumed' });
        break;
      case 'throttled':
        this.#fail(error(), answered('ThrottlingException', 429));
        break;
      case 'unavailable':
        this.#fail(error(), answered('ServiceUnavailableException', 503));
        break;
      case 'denied':
        this.#fail(error(), answered('AccessDeniedException', 403));
        break;
      case 'cold':
        this.#fail(error(), { ...answered('ValidationException', 400), message: NO_CAPACITY });
        break;
      default:
        this.#write(trouble);
    }
  }

  abort(): void {
    this.#close();
  }

  #write(trouble: CallTrouble | undefined): void {
    const { draw, call } = this.#parts;
    const factor = trouble === 'slow' ? SLOW_FACTOR : 1;
    const tokens = Math.min(call.outputTokens, call.maxTokens);
    const tokenMs = TOKEN_MS * factor;
    const atOnce = Math.max(1, Math.floor(PIECE_MS_MAX / tokenMs));
    const breaksAfter = trouble === 'cuts' || trouble === 'stalls' ? draw.whole(1, tokens) : undefined;
    const goOn = (written: number): void => {
      const { listener } = this.#parts;
      if (breaksAfter !== undefined && written >= breaksAfter) {
        if (trouble === 'cuts') this.#fail(1, { kind: 'reset', message: 'cut' });
        return;
      }
      if (written === tokens) {
        this.#close();
        listener.finished();
        return;
      }
      const piece = written === 0 ? 1 : Math.min(atOnce, tokens - written);
      const inMs = written === 0 ? draw.between(...FIRST_TOKEN_MS) * factor : piece * tokenMs;
      this.#after(inMs, () => {
        listener.wrote(piece);
        goOn(written + piece);
      });
    };
    goOn(0);
  }

  #fail(inMs: number, signal: Parameters<ServingListener['failed']>[0]): void {
    this.#after(inMs, () => {
      this.#close();
      this.#parts.listener.failed(signal);
    });
  }

  #after(milliseconds: number, action: () => void): void {
    this.#cancel = this.#parts.time.after(milliseconds, action);
  }

  #close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#cancel?.();
    this.#parts.leave();
  }
}

/** As SageMaker says it of an endpoint without a copy; the failure table knows it by these words. */
const NO_CAPACITY =
  'Inference Component has no capacity to process this request. ApplicationAutoScaling may be in-progress.';

function answered(errorName: string, httpStatus: number) {
  return { kind: 'answer', errorName, httpStatus, message: errorName } as const;
}
