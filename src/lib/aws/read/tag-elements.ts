import { element, text, type Element } from '../xml/element.ts';

const none: ReadonlyMap<string, string> = new Map();

/** Which tags of a row are kept; undefined: all. */
export type WantedTags = 'none' | readonly string[] | undefined;

/** A list of tags, with the names that the service gives to an entry and to its two halves. */
export function tagElements(
  names: { entry: string; key: string; value: string },
  wanted: WantedTags,
  intern: (word: string) => string,
): { list: Element; forget(): void; tags(): ReadonlyMap<string, string> } {
  const kept = wanted === undefined ? undefined : new Set(wanted === 'none' ? [] : wanted);
  let tags: Map<string, string> | undefined;
  let key = '';
  let value = '';
  const known = {
    [names.key]: text((word) => (key = word)),
    [names.value]: text((word) => (value = word)),
  };
  const entry = element(known, {
    enter() {
      key = '';
      value = '';
    },
    leave() {
      if (kept !== undefined && !kept.has(key)) return;
      tags ??= new Map();
      tags.set(intern(key), value);
    },
  });
  return {
    list: element(kept?.size === 0 ? {} : { [names.entry]: entry }),
    forget: () => (tags = undefined),
    tags: () => tags ?? none,
  };
}
