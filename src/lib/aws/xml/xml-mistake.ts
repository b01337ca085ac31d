/**
 * `truncated`: it ends before its root element does, which another attempt may mend. `foreign`: no XML, or the XML of
 * something else, such as a proxy's page. `broken`: tags that do not match. `too-large`: past one of the limits.
 */
export type XmlMistakeKind = 'truncated' | 'foreign' | 'broken' | 'too-large';

/** Why a body is not the document that was asked for. The message ends a sentence that begins with `the answer`. */
export class XmlMistake extends Error {
  override readonly name = 'XmlMistake';
  readonly kind: XmlMistakeKind;
  /** As the SDK marks what is worth another attempt. */
  declare readonly $retryable?: { throttling: boolean };

  constructor(kind: XmlMistakeKind, message: string) {
    super(message);
    this.kind = kind;
    if (kind === 'truncated') this.$retryable = { throttling: false };
  }
}

export const endless = (): XmlMistake => new XmlMistake('broken', 'has a tag without an end');
