import { expectEnd, readElement, readTagged, tags, type Element } from './der.ts';
import { readObjectIdentifier } from './object-identifier.ts';

/** Which algorithm, and what it was told (RFC 5280, 4.1.1.2). */
export interface AlgorithmIdentifier {
  type: Element;
  parameters: Element | undefined;
  /** Where what follows it begins. */
  end: number;
}

/** Throws MalformedCertificate. */
export function readAlgorithmIdentifier(der: Buffer, start: number, limit: number, what: string): AlgorithmIdentifier {
  const { content, end } = readTagged(der, start, limit, tags.sequence, what);
  const type = readObjectIdentifier(der, content, end, what);
  if (type.end === end) return { type, parameters: undefined, end };
  const parameters = readElement(der, type.end, end, what);
  expectEnd(parameters.end, end, what);
  return { type, parameters, end };
}
