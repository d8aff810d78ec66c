/** Structured log lines from an allow-list of fields. Never prompts, answers, keys or personal data. */
export interface Log {
  write(
    level: 'info' | 'warn' | 'error',
    event: string,
    /** What is undefined is not written. */
    facts?: Readonly<Record<string, string | number | boolean | null | undefined | readonly string[]>>,
  ): void;
}
