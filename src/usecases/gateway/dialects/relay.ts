import type { ModelEvent } from '#core/chat/model-event.ts';
import { joinBytes } from '../join-bytes.ts';

const nothing = new Uint8Array();

/**
 * Hands on a target's own pieces where it speaks its caller's format. What ends the answer waits until the stream has
 * ended well: a stop reason must not stand before an error.
 */
export interface Relay {
  /** The bytes to send; undefined where the event is to be written, since the target's own pieces do not come. */
  step(event: ModelEvent): Uint8Array | undefined;
  /** The held end; undefined as above. */
  end(): Uint8Array | undefined;
}

export function createRelay(): Relay {
  const held: Uint8Array[] = [];
  let relaying = false;
  let stopped = false;
  return {
    step: (event) => {
      if (event.type === 'message-stop') stopped = true;
      if (event.type !== 'verbatim') return relaying ? nothing : undefined;
      relaying = true;
      if (!stopped) return event.bytes;
      held.push(event.bytes);
      return nothing;
    },
    end: () => (relaying ? joinBytes(held) : undefined),
  };
}
