/** What a call asks IAM: one question for each thing that it touches. All must be answered with yes. */
export interface AccessQuestion {
  /** `dynamodb:GetItem` */
  readonly action: string;
  /** An ARN; `*` where the action knows no resources. */
  readonly resource: string;
  /** Who owns the resource. */
  readonly account: string;
  /** The resource's own policy, where the service keeps it. @default - what the policy book has for the resource */
  readonly policy?: string | undefined;
  /** Condition keys beside those of every call. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}
