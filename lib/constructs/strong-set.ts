import { type StrongSet as Regions, strongSetFaults } from '#core/controls/strong-set.ts';

/** Three regions over which a table is strongly consistent. None that DynamoDB would refuse can be said. */
export class StrongSet {
  /** With a copy in each. @throws RangeError that says all that is wrong */
  static ofCopies(first: string, second: string, third: string): StrongSet {
    return new StrongSet({ regions: [first, second, third] });
  }

  /** Two copies, and a region that confirms writes and that nobody reads. @throws RangeError that says all that is wrong */
  static withWitness(first: string, second: string, witness: string): StrongSet {
    return new StrongSet({ regions: [first, second], witness });
  }

  /** As the configuration says it. @throws RangeError that says all that is wrong */
  static of(regions: Regions): StrongSet {
    return new StrongSet(regions);
  }

  /** With a copy each. */
  readonly copies: readonly string[];
  /** Undefined where all three have a copy. */
  readonly witness: string | undefined;

  private constructor(set: Regions) {
    const faults = strongSetFaults(set).map(({ path, message }) =>
      path === '' ? message : `${path}: ${message}`,
    );
    if (faults.length > 0) throw new RangeError(`no strongly consistent set: ${faults.join('; ')}`);
    this.copies = set.regions;
    this.witness = set.witness;
  }

  /** Copies besides the one of `region`. @throws RangeError where that has none */
  copiesBeside(region: string): readonly string[] {
    if (!this.copies.includes(region))
      throw new RangeError(`${region} has no copy of the set, which stands in ${this.copies.join(', ')}`);
    return this.copies.filter((each) => each !== region);
  }
}
