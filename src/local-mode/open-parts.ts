interface Closable {
  close(): Promise<void>;
}

/** What was opened, closed in the opposite order. */
export class OpenParts {
  readonly #open: Closable[] = [];

  add<Part extends Closable>(part: Part): Part {
    this.#open.push(part);
    return part;
  }

  async close(): Promise<void> {
    for (let part = this.#open.pop(); part !== undefined; part = this.#open.pop()) await part.close();
  }

  closeOn(stop: AbortSignal): Promise<void> {
    if (stop.aborted) return this.close();
    return new Promise((resolve, reject) => {
      stop.addEventListener('abort', () => void this.close().then(resolve, reject), { once: true });
    });
  }
}
