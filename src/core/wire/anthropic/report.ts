/** A member of a body that cannot be translated, and what would be right. */
export interface AnthropicViolation {
  /** As one would write it in code: `messages[2].content[0].source`. */
  readonly path: string;
  readonly message: string;
}

export type Report = (path: string, message: string) => void;
