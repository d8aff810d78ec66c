/**
 * How much of all requests' bodies one process holds. The gateway bounds each body; thousands of them at once are more
 * than the memory of any machine that runs this.
 */
export class BodyRoom {
  #leftBytes: number;

  constructor(bytesMax: number) {
    this.#leftBytes = bytesMax;
  }

  /** The part of one request, empty at first: what only was announced takes no room. */
  share(): BodyShare {
    let takenBytes = 0;
    let overfull = false;
    let given = false;
    return {
      take: (bytes) => {
        overfull ||= bytes > this.#leftBytes;
        if (overfull || given) return false;
        takenBytes += bytes;
        this.#leftBytes -= bytes;
        return true;
      },
      get overfull() {
        return overfull;
      },
      giveBack: () => {
        this.#leftBytes += takenBytes;
        takenBytes = 0;
        given = true;
      },
    };
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
