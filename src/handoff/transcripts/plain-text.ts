import type { Conversation } from '../../conversation/conversation.ts';
import { createReading, type Line, type ReadingOptions } from './lines.ts';
import type { TranscriptLabels } from './labels.zh.ts';
import type { EntryPages } from './pages.ts';

/**
 * A transcript as plain text. Every entry begins at the margin with its time; whatever else somebody wrote is indented,
 * so that no message can pass itself off as another. Markdown stays as it was written.
 */
export async function textTranscript(
  conversation: Conversation,
  entries: EntryPages,
  options: ReadingOptions,
): Promise<string> {
  const { labels, heading, linesOf } = createReading(options);
  const above = heading(conversation).map(([label, value]) => `${label}${labels.colon}${value}`);
  const told: string[] = [];
  for await (const page of entries) told.push(...linesOf(page).map((line) => textOf(line, labels)));
  if (told.length === 0) told.push(labels.empty);
  return [labels.title, ...above, '', ...told, ''].join('\n');
}

function textOf({ time, who, text, files, choices }: Line, labels: TranscriptLabels): string {
  const { colon } = labels;
  const rest = [
    ...files.map((file) => `${labels.file}${colon}${file}`),
    ...(choices.length === 0 ? [] : [`${labels.choices}${colon}${choices.join(' | ')}`]),
  ];
  const said = who === null ? `* ${text}` : `${who}${colon}${text}`;
  return [`[${time}] ${said}`, ...rest].join('\n').replaceAll('\n', '\n    ');
}
