/** When what is left of a certificate's life is too little: the smallest of the windows counts. Empty: never. */
export type Threshold = readonly Window[];

/** A length of time, or a share of the certificate's whole life (0 to 100). */
export type Window = { seconds: number } | { percent: number };
