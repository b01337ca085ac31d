/** A name without addresses. `temporary`: asked again later, there may be some. */
export class NameFailure extends Error {
  override readonly name = 'NameFailure';
  readonly temporary: boolean;

  constructor(message: string, options: { temporary: boolean; cause?: unknown }) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.temporary = options.temporary;
  }
}
