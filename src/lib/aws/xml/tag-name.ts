import type { Element } from './element.ts';

/**
 * One name among the children of one element, and what usually stands next to it: a service tells the same elements in
 * the same order a thousand times, and to compare with what is expected is much quicker than to look up what it is.
 */
export interface TagName {
  readonly name: string;
  /** `<name`, with which its opening tag begins. */
  readonly opening: string;
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
  /** Its bytes the last time, with the text in front of it, where it is passed over and may come again as it is. */
  same: string | undefined;
  /** How often other bytes came. */
  changes: number;
  /** The siblings that follow it, as long as they are passed over and have come as they were. */
  run: Run | undefined;
  /** How often another sequence came. */
  breaks: number;
}

/** Whole elements that come one after the other. */
export interface Run {
  readonly bytes: string;
  readonly last: TagName;
}

/** Names that are remembered of the children of one element, described or not. */
const mostNames = 300;

export function tagName(name: string, element: Element | undefined, isKept = true): TagName {
  const children = new Map<string, TagName>();
  for (const [child, described] of Object.entries(element?.children ?? {})) {
    children.set(child, tagName(child, described));
  }
  return {
    name,
    opening: `<${name}`,
    closing: `/${name}>`,
    element,
    children,
    isKept,
    missedIn: -1,
    first: undefined,
    next: undefined,
    same: undefined,
    changes: 0,
    run: undefined,
    breaks: 0,
  };
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
