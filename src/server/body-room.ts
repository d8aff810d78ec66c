/**
 * How much of all requests' bodies one process holds. The gateway bounds each body; thousands of them at once are more
 * than the memory of any machine that runs this.
 */
export class BodyRoom {
  /** Of all that was not taken yet. */
  leftBytes: number;

  constructor(bytesMax: number) {
    this.leftBytes = bytesMax;
  }

  /** The part of one request, empty at first: what only was announced takes no room. */
  share(): BodyShare {
    return new Share(this);
  }
}

export interface BodyShare {
  /** False where there is no room for so many bytes more, from then on. */
  take(bytes: number): boolean;
  /** Whether there was no room for all of the body. */
  readonly overfull: boolean;
  /** Gives back all that was taken, and takes no more. */
  giveBack(): void;
}

class Share implements BodyShare {
  readonly #room: BodyRoom;
  overfull = false;
  #takenBytes = 0;
  #given = false;

  constructor(room: BodyRoom) {
    this.#room = room;
  }

  take(bytes: number): boolean {
    this.overfull ||= bytes > this.#room.leftBytes;
    if (this.overfull || this.#given) return false;
    this.#takenBytes += bytes;
    this.#room.leftBytes -= bytes;
    return true;
  }

  giveBack(): void {
    this.#room.leftBytes += this.#takenBytes;
    this.#takenBytes = 0;
    this.#given = true;
  }
}
