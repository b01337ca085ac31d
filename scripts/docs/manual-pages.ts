import { exitCodeHelp } from '../../src/exit-code.ts';
import { sharedOptions } from '../../src/shared-options.ts';
import type { CommandReference } from './command-reference.ts';
import { allFormatMeanings, formatMeanings } from './format-meanings.ts';
import {
  type Edition,
  fullSurroundings,
  manual,
  meanings,
  nameSection,
  pageLink,
  seeAlso,
  shortSurroundings,
  termSection,
} from './manual-frame.ts';
import { bold, definition, example, italic, paragraphs, prose, section } from './roff.ts';
import { sentence } from './sentence.ts';

/** devops(1): all commands, and what they share. */
export function productManual(references: readonly CommandReference[], edition: Edition): string {
  const shared = sharedOptions.map(({ long, short, value, description }) => ({
    names: short === undefined ? [long] : [short, long],
    ...(value === undefined ? {} : { value }),
    text: description,
  }));
  const usage = `${bold('devops')} [${italic('shared options')}] ${italic('command')} [${italic('options')}] [${italic('arguments')}]`;
  const commands = references.flatMap(({ name, page, summary }) =>
    definition(bold(name), `${prose(sentence(summary))} See ${pageLink(`devops-${page}`)}.`),
  );
  return manual('devops', edition, [
    nameSection('devops', 'one command for the jobs that a DevOps team scripts again and again'),
    section('SYNOPSIS', usage, '.br', `${bold('devops help')} [${italic('command')}]`, '.br', bold('devops --version')),
    section(
      'DESCRIPTION',
      ...paragraphs([
        'A terminal, cron and CI are its users alike: results go to standard output and everything else to standard error, the exit code is the answer, and every command has the formats that programs read.',
        prose('What could not be read is said beside what could be, and never counted as fine.'),
      ]),
      '.PP',
      'The commands are:',
      ...commands,
    ),
    termSection('OPTIONS', shared, paragraphs(['These stand before or behind the name of any command.'])),
    section(
      'OUTPUT FORMATS',
      ...paragraphs(['Which of them a command serves is said on its page.']),
      ...meanings(allFormatMeanings),
    ),
    section('EXIT STATUS', ...meanings(exitCodeHelp.map(([code, meaning]) => [String(code), meaning]))),
    section(
      'EXAMPLES',
      ...references
        .flatMap(({ examples }) => examples.slice(0, 1))
        .flatMap(({ what, command }, at) => [...(at === 0 ? [] : ['.PP']), ...example(sentence(what), [command])]),
    ),
    fullSurroundings,
    seeAlso(references.map(({ page }) => `devops-${page}`)),
  ]);
}

/** devops-NAME(1). */
export function commandManual(
  reference: CommandReference,
  references: readonly CommandReference[],
  edition: Edition,
): string {
  const { name, page, summary, description, examples } = reference;
  const family = references.filter((other) => other.name.split(' ')[0] === name.split(' ')[0] && other.name !== name);
  const formats = reference.record === undefined ? [] : recordNote(reference);
  return manual(`devops-${page}`, edition, [
    nameSection(`devops-${page}`, summary),
    section('SYNOPSIS', synopsis(reference)),
    section('DESCRIPTION', ...paragraphs((description.length > 0 ? description : [sentence(summary)]).map(prose))),
    termSection('ARGUMENTS', reference.args),
    termSection('OPTIONS', [...reference.options, ...reference.sharedOptions]),
    section('OUTPUT FORMATS', ...formats, ...meanings(formatMeanings(reference))),
    section('EXIT STATUS', ...meanings(reference.exitCodes)),
    examples.length === 0
      ? []
      : section(
          'EXAMPLES',
          ...examples.flatMap(({ what, command }, at) => [
            ...(at === 0 ? [] : ['.PP']),
            ...example(sentence(what), [command]),
          ]),
        ),
    [...shortSurroundings],
    seeAlso(['devops', ...family.map((other) => `devops-${other.page}`)]),
  ]);
}

/** Words that are typed are bold, those that stand for others italic, as man(7) pages have it. */
function synopsis({ name, usage }: CommandReference): string {
  const rest = usage.slice(`devops ${name}`.length).trim();
  const words = rest.split(/([[\]<>|. ]+)/).map((part, at) => (at % 2 === 1 || part === '' ? part : italic(part)));
  return [bold(`devops ${name}`), words.join('').replaceAll(/[<>]/g, '')].filter((part) => part !== '').join(' ');
}

function recordNote({ page, shape }: CommandReference): string[] {
  const many = shape === 'many' ? 'There is one record for each finding. ' : '';
  return paragraphs([prose(`${many}The fields of a record are listed in docs/commands/${page}.md.`)]);
}
