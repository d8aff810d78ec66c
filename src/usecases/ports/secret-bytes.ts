/** Bytes that nobody can foretell, for secrets. Not a `Random`, whose seeds a test may choose. */
export interface SecretBytes {
  next(count: number): Uint8Array;
}
