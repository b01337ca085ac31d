import type { DocumentScanner } from './document-scanner.ts';
import { decodeText, withoutLayout } from './decode-text.ts';
import { viewChunk } from './chunk-view.ts';
import { createElementStack } from './element-stack.ts';
import type { Element } from './element.ts';
import { apostrophe, bang, greaterThan, lessThan, question, quote, slash, space } from './markup-bytes.ts';
import { checkOutside } from './outside.ts';
import { passOver } from './pass-over.ts';
import { createRepeats } from './repeats.ts';
import { createSpecialMarkup } from './special-markup.ts';
import type { TagName } from './tag-name.ts';
import { createTextRun } from './text-run.ts';
import { endless, XmlMistake } from './xml-mistake.ts';

const longestName = 256;

/** Where the next byte stands. */
type Place =
  'text' | 'markup' | 'name' | 'attributes' | 'quotes' | 'empty end' | 'closing name' | 'closing end' | 'special';

/**
 * A scanner for the elements in `document`, whose children are the root elements that are allowed. It holds nothing but
 * the text of one element and a stack, and takes chunks that are cut anywhere. Document types, and so entities of their
 * own, are refused. Most tags are whole in a chunk and without attributes, and are taken in one step; the others byte by
 * byte.
 */
export function createXmlScanner(document: Element, limit: number): DocumentScanner {
  const stack = createElementStack(document);
  const run = createTextRun();
  const special = createSpecialMarkup();
  const repeats = createRepeats(stack);
  let place: Place = 'text';
  let name = '';
  let openQuote = quote;
  /** Bytes in front of the chunk. */
  let before = 0;
  /** Where in this chunk the text began that is in front of the tag; -1: in another one. */
  let textFrom = -1;
  let view = viewChunk(Buffer.alloc(0), 0);
  let bytes = '';

  /** Up to the next < or the end of the chunk. */
  function takeText(from: number): number {
    const isText = stack.current().element?.text !== undefined;
    if (!isText) {
      const after = repeats.take(from);
      if (after >= 0) return after;
    }
    textFrom = from;
    const found = bytes.indexOf('<', from);
    const to = found < 0 ? bytes.length : found;
    if (isText) {
      if (found >= 0) stack.say(decodeText(run.take(view.chunk, from, to)));
      else run.add(view.chunk, from, to);
    } else if (!stack.isInside()) {
      checkOutside(bytes, from, to, before, stack.isEnded());
    }
    if (found < 0) return to;
    place = 'markup';
    return to + 1;
  }

  /** What follows a <. A tag that is whole and has no attributes is taken at once. */
  function takeMarkup(from: number): number {
    const expected = stack.expected();
    if (expected !== undefined && bytes.startsWith(expected.name, from)) {
      const after = takeEnd(expected, from + expected.name.length);
      if (after >= 0) return after;
    }
    const first = bytes.charCodeAt(from);
    if (first === slash) {
      const { closing } = stack.current();
      if (stack.isInside() && bytes.startsWith(closing, from)) {
        const after = from + closing.length;
        stack.close(before + after);
        place = 'text';
        return after;
      }
    }
    name = '';
    if (first === bang || first === question) {
      special.begin(first === bang ? '!' : '?');
      place = 'special';
    } else if (first === slash) place = 'closing name';
    else {
      place = 'name';
      return from;
    }
    return from + 1;
  }

  /**
   * The end of an opening tag, and the element with it if that is passed over or has only text that ends in this chunk.
   * @returns -1 where the tag does not end at `from`, or with the chunk.
   */
  function takeEnd(tag: TagName, from: number): number {
    // Asked for a character behind its end, a string answers NaN, and V8 throws away the code that it had made.
    if (from + 1 >= bytes.length) return -1;
    const byte = bytes.charCodeAt(from);
    if (byte === slash && bytes.charCodeAt(from + 1) === greaterThan) {
      place = 'text';
      if (tag.element === undefined) passedOver(tag, from + 2);
      else {
        stack.open(tag, before + from);
        stack.close(before + from + 2);
      }
      return from + 2;
    }
    if (byte !== greaterThan) return -1;
    const after = takeLeaf(tag, from + 1);
    place = 'text';
    if (after >= 0) return after;
    stack.open(tag, before + from);
    return from + 1;
  }

  function passedOver(tag: TagName, to: number): void {
    stack.follow(tag);
    // What is of no use this time may be so the next time.
    if (tag.element === undefined && textFrom >= 0) repeats.learn(tag, textFrom, to);
  }

  function takeLeaf(tag: TagName, from: number): number {
    const { element, closing } = tag;
    if (element === undefined || element.isUseless?.() === true) {
      const after = passOver(view, from, tag);
      if (after < 0) return -1;
      passedOver(tag, after);
      return after;
    }
    if (element.text === undefined) return -1;
    const to = bytes.indexOf('<', from);
    if (to < 0 || !bytes.startsWith(closing, to + 1)) return -1;
    stack.follow(tag);
    element.text(withoutLayout(decodeText(run.take(view.chunk, from, to))));
    return to + 1 + closing.length;
  }

  function takeName(from: number): number {
    let at = from;
    while (at < bytes.length) {
      const byte = bytes.charCodeAt(at);
      if (byte === lessThan) throw endless();
      if (byte <= space || byte === greaterThan || byte === slash) break;
      at++;
    }
    name += bytes.slice(from, at);
    if (name.length > longestName) throw new XmlMistake('too-large', `has a name of more than ${longestName} bytes`);
    if (at === bytes.length) return at;
    if (name === '') throw new XmlMistake('broken', 'has a < without a name');
    if (place === 'closing name') {
      place = 'closing end';
      return at;
    }
    const tag = stack.find(name);
    const after = takeEnd(tag, at);
    if (after >= 0) return after;
    stack.open(tag, before + at);
    place = 'attributes';
    return at;
  }

  function takeAttributes(byte: number): void {
    if (byte === greaterThan) place = 'text';
    else if (byte === slash) place = 'empty end';
    else if (byte === lessThan) throw endless();
    else if (byte === quote || byte === apostrophe) {
      openQuote = byte;
      place = 'quotes';
    }
  }

  function takeClosingEnd(byte: number, position: number): void {
    if (byte === greaterThan) {
      if (!stack.isInside() || stack.current().name !== name) {
        throw new XmlMistake('broken', `has a </${name}> out of place`);
      }
      stack.close(position);
      place = 'text';
    } else if (byte > space) throw endless();
  }

  function takeSpecial(from: number): number {
    const isData = special.isData();
    const to = special.take(bytes, from);
    if (special.isEnded()) place = 'text';
    if (!stack.isInside() && special.isData()) throw new XmlMistake('foreign', 'is not XML of AWS');
    if (!isData || stack.current().element?.text === undefined) return to;
    if (special.isEnded()) stack.say(run.take(view.chunk, from, to, 3).replaceAll(/\r\n?/g, '\n'));
    else run.add(view.chunk, from, to);
    return to;
  }

  function take(at: number): number {
    switch (place) {
      case 'text':
        return takeText(at);
      case 'markup':
        return takeMarkup(at);
      case 'name':
      case 'closing name':
        return takeName(at);
      case 'attributes':
        takeAttributes(bytes.charCodeAt(at));
        return at + 1;
      case 'quotes':
        if (bytes.charCodeAt(at) === openQuote) place = 'attributes';
        return at + 1;
      case 'empty end':
        if (bytes.charCodeAt(at) !== greaterThan) throw endless();
        stack.close(before + at);
        place = 'text';
        return at + 1;
      case 'closing end':
        takeClosingEnd(bytes.charCodeAt(at), before + at);
        return at + 1;
      case 'special':
        return takeSpecial(at);
    }
  }

  return {
    begin() {
      stack.begin();
      run.begin();
      place = 'text';
      before = 0;
    },
    write(next) {
      view = viewChunk(next, view.serial + 1);
      ({ bytes } = view);
      textFrom = -1;
      repeats.begin(view);
      let at = 0;
      while (at < bytes.length) at = take(at);
      before += at;
      if (before > limit) throw new XmlMistake('too-large', `has more than ${limit} bytes`);
      stack.check(before);
    },
    end() {
      if (before === 0) throw new XmlMistake('truncated', 'is empty');
      if (!stack.isEnded() || place !== 'text') {
        throw new XmlMistake('truncated', `ends in the middle, after ${before} bytes`);
      }
    },
  };
}
