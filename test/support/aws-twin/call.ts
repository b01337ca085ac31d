/** One request as the twin saw it. */
export interface TwinCall {
  readonly number: number;
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly account: string;
  /** As sent: `InstanceId.1`, `AutoScalingGroupNames.member.1` ... without Action and Version. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The header, by which a test tells clients apart: AWS_SDK_UA_APP_ID=first makes it say `app/first`. */
  readonly userAgent: string;
  /** On the twin's clock. */
  readonly at: Date;
  /** Code of the error it was answered with, or how it was spoilt; undefined: a proper answer. */
  outcome: string | undefined;
  /** Whether it changed anything, or could have: the operation was carried out. */
  carriedOut: boolean;
}

/** Called, and awaited, before a request is looked at and after its answer is made but not yet sent. */
export type CallHook = (call: TwinCall, moment: 'before' | 'after') => Promise<void> | void;
