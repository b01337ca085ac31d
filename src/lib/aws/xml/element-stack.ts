import { withoutLayout } from './decode-text.ts';
import type { Element } from './element.ts';
import { childOf, tagName, type TagName } from './tag-name.ts';
import { longestText } from './text-run.ts';
import { XmlMistake } from './xml-mistake.ts';

const deepest = 64;

/** The elements that are open. Positions are bytes of the body. */
export interface ElementStack {
  /** For the next document. */
  begin(): void;
  current(): TagName;
  /** What usually comes next in the innermost element. */
  expected(): TagName | undefined;
  /** The last child of the innermost element. */
  lastChild(): TagName | undefined;
  isInside(): boolean;
  isEnded(): boolean;
  /** The element of that name that may be opened here. */
  find(name: string): TagName;
  /** An element that was taken as a whole, without being opened. */
  follow(tag: TagName): void;
  /** The last of several that were taken so. */
  jump(last: TagName): void;
  open(tag: TagName, position: number): void;
  /** Text of the innermost element. */
  say(value: string): void;
  close(position: number): void;
  /** Throws where an item has gone on for too long. */
  check(position: number): void;
}

export function createElementStack(document: Element): ElementStack {
  const root = tagName('', document);
  const tags: TagName[] = [root];
  /** The last child of each that is open. */
  const last: (TagName | undefined)[] = [undefined];
  let depth = 0;
  let current = root;
  let expected: TagName | undefined;
  let value = '';
  let isEnded = false;
  let itemLimit = 0;
  let itemStart = -1;

  function follow(tag: TagName): void {
    const before = last[depth];
    if (before === undefined) current.first = tag;
    else before.next = tag;
    last[depth] = tag;
    expected = tag.next;
  }

  function check(position: number): void {
    if (itemStart < 0 || position - itemStart <= itemLimit) return;
    throw new XmlMistake('too-large', `has an item of more than ${itemLimit} bytes`);
  }

  return {
    begin() {
      depth = 0;
      current = root;
      expected = undefined;
      last[0] = undefined;
      isEnded = false;
      itemStart = -1;
    },
    current: () => current,
    expected: () => expected,
    lastChild: () => last[depth],
    isInside: () => depth > 0,
    isEnded: () => isEnded,
    find(name) {
      if (depth === 0 && isEnded) throw new XmlMistake('broken', 'goes on after its end');
      const tag = childOf(current, name);
      if (depth === 0 && tag.element === undefined) throw new XmlMistake('foreign', `begins with <${name}>`);
      return tag;
    },
    follow,
    jump(tag) {
      last[depth] = tag;
      expected = tag.next;
    },
    open(tag, position) {
      if (depth === deepest) throw new XmlMistake('too-large', `has elements more than ${deepest} levels deep`);
      follow(tag);
      depth++;
      tags[depth] = tag;
      last[depth] = undefined;
      current = tag;
      expected = tag.first;
      const { element } = tag;
      if (element === undefined) return;
      if (element.text !== undefined) value = '';
      if (element.limit !== undefined) {
        itemLimit = element.limit;
        itemStart = position;
      }
      element.enter?.();
    },
    say(more) {
      value += more;
      if (value.length > longestText) throw new XmlMistake('too-large', `has a text of more than ${longestText} bytes`);
    },
    close(position) {
      const { element } = current;
      if (element !== undefined) {
        element.text?.(withoutLayout(value));
        if (element.limit !== undefined) {
          check(position);
          itemStart = -1;
        }
        element.leave?.();
      }
      depth--;
      current = tags[depth] ?? root;
      expected = last[depth]?.next;
      isEnded = depth === 0;
    },
    check,
  };
}
