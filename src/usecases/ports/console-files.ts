/** The web console's files, as they were built. */
export interface ConsoleFiles {
  /**
   * All of them by name, `index.html` among them. Read when they are first asked for, and kept.
   *
   * @throws an Error where they cannot be read; the next call tries again
   */
  load(): Promise<ReadonlyMap<string, ConsoleFile>>;
}

export interface ConsoleFile {
  readonly contentType: string;
  readonly text: string;
  /** The same, compressed. */
  readonly gzipped: Uint8Array;
  /** Of the text, in hexadecimal. */
  readonly hash: string;
}
