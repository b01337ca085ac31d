// Makes docs/sysinfo.svg from what a terminal showed: `script` or `tmux capture-pane -e` output on stdin, SVG on stdout.
// npm run picture -- 'TITLE' < captured.txt > picture.svg
import { readFileSync } from 'node:fs';
import { width } from '../src/terminal/width.ts';

const cellWidth = 8.4;
const lineHeight = 19;
const padding = 16;
const titleBar = 34;
const palette: Readonly<Record<number, string>> = {
  31: '#ff7b72',
  32: '#7ee787',
  33: '#f2cc60',
  34: '#79c0ff',
  36: '#56d4dd',
  90: '#8b949e',
};

interface Style {
  color?: string;
  bold?: boolean;
  dim?: boolean;
}

const title = process.argv[2] ?? '';
const lines = readFileSync(0, 'utf8').replaceAll('\r', '').trimEnd().split('\n');
process.stdout.write(picture(lines));

function picture(shown: readonly string[]): string {
  // eslint-disable-next-line no-control-regex -- colour codes begin with ESC
  const cells = Math.max(...shown.map((line) => width(line.replace(/\u001B\[[\d;]*m/g, ''))));
  const across = Math.ceil(cells * cellWidth + 2 * padding);
  const down = titleBar + shown.length * lineHeight + padding;
  const rows = shown.map((line, at) => row(line, titleBar + (at + 1) * lineHeight - 5));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${across}" height="${down}" viewBox="0 0 ${across} ${down}" role="img" aria-label="${escape(title)}">`,
    `<rect width="${across}" height="${down}" rx="8" fill="#0d1117"/>`,
    ...['#ff5f56', '#ffbd2e', '#27c93f'].map(
      (fill, at) => `<circle cx="${18 + at * 18}" cy="17" r="5.5" fill="${fill}"/>`,
    ),
    `<text x="${across / 2}" y="21" fill="#8b949e" font-family="sans-serif" font-size="12" text-anchor="middle">${escape(title)}</text>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#c9d1d9" xml:space="preserve">`,
    ...rows,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** One line: a text element for each run of one style, at its own place, so that fonts of any width line up. */
function row(line: string, y: number): string {
  let style: Style = {};
  let column = 0;
  let svg = '';
  // eslint-disable-next-line no-control-regex -- colour codes begin with ESC
  for (const part of line.split(/(\u001B\[[\d;]*m)/)) {
    // eslint-disable-next-line no-control-regex -- colour codes begin with ESC
    const codes = /^\u001B\[([\d;]*)m$/.exec(part)?.[1];
    if (codes !== undefined) {
      for (const code of codes.split(';').map(Number)) style = next(style, code);
      continue;
    }
    const cells = width(part);
    if (part.trim() !== '') svg += run(part, style, padding + column * cellWidth, y, cells * cellWidth);
    column += cells;
  }
  return svg;
}

function run(text: string, { color, bold, dim }: Style, x: number, y: number, length: number): string {
  const attributes = [
    `x="${x.toFixed(1)}"`,
    `y="${y}"`,
    `textLength="${length.toFixed(1)}"`,
    color === undefined ? '' : `fill="${color}"`,
    bold === true ? 'font-weight="bold"' : '',
    dim === true ? 'opacity="0.6"' : '',
  ];
  return `<text ${attributes.filter((word) => word !== '').join(' ')}>${escape(text)}</text>`;
}

function next(style: Style, code: number): Style {
  if (code === 0) return {};
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code !== 39) return palette[code] === undefined ? style : { ...style, color: palette[code] };
  const { color: _, ...plain } = style;
  return plain;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
