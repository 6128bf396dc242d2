import { type BodyLine, bodyLines, eachArticle, type Finding, type Rule, type Source } from './finding.ts';
import { targetsIn } from './links.ts';

/** What a WeChat message, which is plain text, cannot show; only of articles that may be sent there. */
export const onWeChat = eachArticle((source) =>
  isForWeChat(source) ? [tooLong, tables, rawHtml, deadEnds].flatMap((check) => check(source)) : [],
);

function isForWeChat({ article }: Source): boolean {
  const { status, audience, channels } = article;
  return status === 'published' && audience === 'public' && (channels.length === 0 || channels.includes('wechat'));
}

/** The most bytes a WeChat text message may have; longer ones are refused (errcode 45002). */
const longestMessage = 2_048;

function tooLong({ article, at }: Source): readonly Finding[] {
  const bytes = Buffer.byteLength(article.body);
  if (bytes <= longestMessage) return [];
  const message = `the body has ${bytes} bytes, a WeChat message at most ${longestMessage}: shorten it, or split it into two articles`;
  return [{ file: article.file, line: at.body, severity: 'warning', rule: 'wechat-long', message }];
}

function tables(source: Source): readonly Finding[] {
  const lines = bodyLines(source.article);
  const heads = lines.filter(({ text, index }, place) => {
    const below = lines[place + 1];
    return text.includes('|') && below?.index === index + 1 && tableRule.test(below.text);
  });
  return once(source, heads, 'wechat-table', () => 'a table is a heap of bars on WeChat: write a list');
}

/** The line below the head of a table. */
const tableRule = /^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

function rawHtml(source: Source): readonly Finding[] {
  const found = bodyLines(source.article).filter(({ text }) => tagIn(text) !== null);
  return once(
    source,
    found,
    'wechat-html',
    ({ text }) => `the tag ${tagIn(text)} is not shown as HTML: write markdown`,
  );
}

function tagIn(line: string): string | null {
  const text = line.replace(/(`+)[^`]*\1|\]\(\s*<[^<>]*>/g, '');
  return /(?<!\\)<\/?[a-z][a-z0-9-]*(?:\s[^<>]*)?\/?>/i.exec(text)?.[0] ?? null;
}

function deadEnds(source: Source): readonly Finding[] {
  const found = bodyLines(source.article).filter(({ text }) => deadEndIn(text) !== null);
  return once(source, found, 'wechat-link', ({ text }) => deadEndIn(text) ?? '');
}

function deadEndIn(line: string): string | null {
  const text = line.replace(/(`+)[^`]*\1/g, '');
  if (/!\[[^\]]*\][([]/.test(text)) return 'a picture within an answer is not shown on WeChat: say it in words';
  const target = targetsIn(text).find((each) => !/^https?:\/\/[^/]/i.test(each) && !leadsToArticle(each));
  return target === undefined ? null : `the link ${target} cannot be opened on WeChat: write a whole https address`;
}

/** Links between articles are for editors and the widget: their text stays. */
function leadsToArticle(target: string): boolean {
  return !/^[a-z][a-z0-9+.-]*:|^\/|^#/i.test(target) && /(?:\.md|\/[^./]*|^[^./]*)(?:[?#].*)?$/i.test(target);
}

/** One finding for an article, however often it does so. */
function once(
  { article, at }: Source,
  found: readonly BodyLine[],
  rule: Rule,
  say: (line: BodyLine) => string,
): readonly Finding[] {
  const [first] = found;
  if (!first) return [];
  const more = found.length > 1 ? ` (and ${found.length - 1} more)` : '';
  return [{ file: article.file, line: at.body + first.index, severity: 'warning', rule, message: say(first) + more }];
}
