/** Why one item of many failed; the others go on beside it. */
export interface ItemError {
  /** Stable word for programs. */
  code: string;
  message: string;
  hint?: string;
}
