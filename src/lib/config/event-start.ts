import type { MappingEvent, ScalarEvent, SequenceEvent } from 'js-yaml';

/**
 * Offset at which a person sees a value begin; undefined where nothing was written. js-yaml gives the start of the
 * content, which is behind the quote, and for a block scalar the start of the line behind `|` or `>`.
 */
export function eventStart(
  { SCALAR_STYLE }: typeof import('js-yaml'),
  text: string,
  event: ScalarEvent | SequenceEvent | MappingEvent,
): number | undefined {
  if ('start' in event) return event.start;
  if (event.valueStart === -1) return event.anchorStart === -1 ? undefined : event.anchorStart - 1;
  if (event.style === SCALAR_STYLE.PLAIN) return event.valueStart;
  const isBlock = event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK;
  if (!isBlock) return event.valueStart - 1;
  return event.valueStart + Math.max(0, text.slice(event.valueStart, event.valueEnd).search(/\S/));
}
