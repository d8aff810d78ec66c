/** What is wrong with a place of the chain. */
type FindingKind =
  | 'record-changed'
  | 'record-missing'
  | 'record-moved'
  | 'record-repeated'
  /** Nothing that can be trusted says what it was. */
  | 'record-unproved'
  | 'line-unreadable'
  | 'seal-changed'
  | 'seal-missing'
  | 'segment-missing'
  /** A mark of deletion was laid over it. */
  | 'segment-hidden'
  /** Another version was laid over it. */
  | 'segment-overlaid'
  | 'tail-missing'
  | 'head-missing'
  | 'lock-missing'
  /** The chain at a place is not what its witness signed. */
  | 'root-contradicted'
  /** The witness signed more of the chain than there is. */
  | 'root-beyond-end'
  /** Kept by the witness, and not what it signed. */
  | 'root-unproved'
  /** The witness has signed nothing for days. */
  | 'root-overdue'
  /** Numbered by its writer, and in no segment. */
  | 'never-arrived';

export interface ChainFinding {
  readonly kind: FindingKind;
  /** Key of the segment. Undefined for what stands in none. */
  readonly segment?: string | undefined;
  /** In the chain, of the record or of the first of several. */
  readonly sequence?: number | undefined;
  /** Of the last of several. */
  readonly lastSequence?: number | undefined;
  /** The record's, where it is there to be read. */
  readonly id?: string | undefined;
  /** For people: a clause. */
  readonly why: string;
}
