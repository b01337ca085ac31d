import type { Element } from './element.ts';

/**
 * One name among the children of one element, and what usually stands next to it: a service tells the same elements in
 * the same order a thousand times, and to compare with what is expected is much quicker than to look up what it is.
 */
export interface TagName {
  readonly name: string;
  /** `/name>`, which ends it after a <. */
  readonly closing: string;
  /** Undefined: nobody described it. */
  readonly element: Element | undefined;
  readonly children: Map<string, TagName>;
  /** Whether this is one for all of its name, and not made for one tag. */
  readonly isKept: boolean;
  /** The last chunk in which an end of it was looked for in vain. */
  missedIn: number;
  /** Its first child the last time. */
  first: TagName | undefined;
  /** Its next sibling the last time. */
  next: TagName | undefined;
}

/** Names that are remembered of the children of one element, described or not. */
const mostNames = 300;

export function tagName(name: string, element: Element | undefined, isKept = true): TagName {
  const children = new Map<string, TagName>();
  for (const [child, described] of Object.entries(element?.children ?? {})) {
    children.set(child, tagName(child, described));
  }
  const sequence = { missedIn: -1, first: undefined, next: undefined };
  return { name, closing: `/${name}>`, element, children, isKept, ...sequence };
}

/** The child of that name. One that is not described is remembered where there is room. */
export function childOf(parent: TagName, name: string): TagName {
  const known = parent.children.get(name);
  if (known !== undefined) return known;
  const isKept = parent.element !== undefined && parent.children.size < mostNames;
  const unknown = tagName(name, undefined, isKept);
  if (isKept) parent.children.set(name, unknown);
  return unknown;
}
