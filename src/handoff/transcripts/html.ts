import type { Conversation } from '../../conversation/conversation.ts';
import { createReading, type Heading, type Line, type ReadingOptions } from './lines.ts';
import type { TranscriptLabels } from './labels.zh.ts';
import type { EntryPages } from './pages.ts';
import { readableName } from './readable.ts';

/**
 * A transcript as one HTML document to print or to save as PDF. It fetches nothing and runs nothing, and a policy in its
 * head forbids both: files are named, not shown. Text is escaped to the last character and kept to its own direction.
 */
export async function htmlTranscript(
  conversation: Conversation,
  entries: EntryPages,
  options: ReadingOptions,
): Promise<string> {
  const { labels, heading, linesOf } = createReading(options);
  const items: string[] = [];
  for await (const page of entries) items.push(...linesOf(page).map((line) => itemOf(line, labels)));
  const body = items.length === 0 ? `<p>${escaped(labels.empty)}</p>` : `<ol>\n${items.join('\n')}\n</ol>`;
  return `<!doctype html>
<html lang="${options.locale}">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>${escaped(`${labels.title} ${readableName(conversation.id)}`)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(labels.title)}</h1>
${headingOf(heading(conversation))}
${body}
</body>
</html>
`;
}

function headingOf(heading: Heading): string {
  const rows = heading.map(([label, value]) => `<dt>${escaped(label)}</dt><dd><bdi>${escaped(value)}</bdi></dd>`);
  return `<dl>\n${rows.join('\n')}\n</dl>`;
}

function itemOf(line: Line, labels: TranscriptLabels): string {
  const { at, time, kind, who, text, files, choices } = line;
  const clock = `<time datetime="${new Date(at).toISOString()}">${escaped(time)}</time>`;
  const parts = [
    `<p class="who">${who === null ? '' : `<bdi>${escaped(who)}</bdi> `}${clock}</p>`,
    text === '' ? '' : `<p class="text" dir="auto">${escaped(text)}</p>`,
    ...files.map((file) => `<p class="more">${escaped(labels.file + labels.colon)}<bdi>${escaped(file)}</bdi></p>`),
    choices.length === 0
      ? ''
      : `<p class="more">${escaped(labels.choices + labels.colon)}${choices.map(choiceOf).join(' | ')}</p>`,
  ];
  return `<li class="${kind}">${parts.join('')}</li>`;
}

function choiceOf(title: string): string {
  return `<bdi>${escaped(title)}</bdi>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

function escaped(text: string): string {
  return text.toWellFormed().replace(/[&<>"'`]/g, (character) => entities[character] ?? '');
}

/** Black on white in any theme; an entry is kept on one page where it fits. */
const style = `
@page { size: A4; margin: 18mm 16mm; }
:root { color-scheme: light; }
body { margin: 0 auto; padding: 16px; max-width: 46em; color: #111; background: #fff;
  font: 14px/1.6 system-ui, "PingFang SC", "PingFang TC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
h1 { margin: 0 0 8px; font-size: 20px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 0 0 16px;
  padding-bottom: 12px; border-bottom: 1px solid #999; }
dt { color: #555; } dd { margin: 0; overflow-wrap: anywhere; }
ol { margin: 0; padding: 0; list-style: none; }
li { margin: 0 0 10px; padding-inline-start: 10px; border-inline-start: 3px solid #bbb; break-inside: avoid; }
p { margin: 0; orphans: 3; widows: 3; }
.who { color: #555; font-size: 12px; } .who bdi { color: #111; font-weight: 600; }
.text, .more { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }
.more { color: #333; font-size: 13px; }
.customer { border-color: #1a5fb4; } .agent { border-color: #26734d; }
.note { border-color: #8a5a00; background: #fff8e6; }
.event { border-color: transparent; color: #555; }
@media print { body { padding: 0; max-width: none; font-size: 11pt; } .note { print-color-adjust: exact; } }
`;
