import { Lexer, Tokenizer, type Token, type Tokens } from 'marked';
import type { ComponentChildren, VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { decodeReferences } from './character-references.ts';
import { safeImage, safeLink } from './links.ts';

export type MarkdownOptions = {
  /** The desk's absolute URL: relative addresses are resolved against it, and images may come from it. */
  readonly base: string;
  /**
   * Articles link to each other by file (`../delivery/fee.md`), which leads nowhere outside the knowledge folder. With
   * this, such a link is a button, told its text; without, it is its text.
   */
  readonly onArticle?: (title: string) => void;
};

/**
 * Markdown as DOM nodes. There is no HTML string anywhere on the way: raw HTML in the source is shown as the text it
 * is, links lead only to http, https and mailto, images come over https or from the desk. Give it a class to style
 * what is inside.
 */
export function Markdown({
  source,
  base,
  onArticle,
  class: name,
}: MarkdownOptions & { readonly source: string; readonly class?: string }): VNode {
  const nodes = useMemo(() => markdownNodes(source, { base, onArticle }), [source, base, onArticle]);
  return <div class={name}>{nodes}</div>;
}

/** The nodes of `Markdown`, without a component around them. Never throws: what can't be parsed is shown as plain text. */
export function markdownNodes(source: string, options: MarkdownOptions): ComponentChildren {
  if (source.length > longestSource || deepQuote.test(source)) return plain(source);
  try {
    return blocks(lexer().lex(source), { ...options, depth: 0, inLink: false });
  } catch {
    return plain(source);
  }
}

/** marked takes time quadratic in nested lists and a stack frame per `>`: both stay harmless below these bounds. */
const longestSource = 20_000;
const deepQuote = /^(?:[ \t]*>){24}/m;
const deepestNesting = 12;

type Place = MarkdownOptions & { readonly depth: number; readonly inLink: boolean };

function plain(source: string): VNode {
  return <p class="md-plain">{source}</p>;
}

/** Chinese puts no spaces where CommonMark looks for them. */
class ChineseTokenizer extends Tokenizer {
  /** CommonMark closes `**` only beside a space or Latin punctuation, and leaves `**注意：**请先` as stars. */
  override emStrong(src: string, maskedSrc: string, prevChar?: string): Tokens.Em | Tokens.Strong | undefined {
    const token = super.emStrong(src, maskedSrc, prevChar);
    if (token) return token;
    const [raw, text] = /^\*\*([^\s*`](?:[^*\n`]*[^\s*`])?)\*\*/.exec(src) ?? [];
    if (!raw || text === undefined) return undefined;
    return { type: 'strong', raw, text, tokens: this.lexer.inlineTokens(text) };
  }

  /** A bare address in a Chinese sentence ends where the Chinese goes on: `见https://a.cn/b，谢谢`. */
  override url(src: string): Tokens.Link | undefined {
    const token = super.url(src);
    const end = token ? token.raw.search(chinese) : -1;
    return end > 0 ? super.url(src.slice(0, end)) : token;
  }
}

const chinese = /[\u2018-\u201f\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]/;

/** A line break in a chat is a line break. */
function lexer(): Lexer {
  return new Lexer({ gfm: true, breaks: true, tokenizer: new ChineseTokenizer() });
}

function blocks(tokens: readonly Token[], place: Place): ComponentChildren {
  return tokens.map((token) => block(token as Tokens.Generic, place));
}

function inlines(tokens: readonly Token[] | undefined, place: Place): ComponentChildren {
  return (tokens ?? []).map((token) => inline(token as Tokens.Generic, place));
}

function block(token: Tokens.Generic, outer: Place): ComponentChildren {
  if (outer.depth >= deepestNesting) return <p>{token.raw}</p>;
  const place = { ...outer, depth: outer.depth + 1 };
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'paragraph':
      return <p>{inlines(token.tokens, place)}</p>;
    case 'heading':
      return heading((token as Tokens.Heading).depth, inlines(token.tokens, place));
    case 'list':
      return list(token as Tokens.List, place);
    case 'blockquote':
      return <blockquote>{blocks(token.tokens ?? [], place)}</blockquote>;
    case 'code':
      return (
        <pre>
          <code>{(token as Tokens.Code).text}</code>
        </pre>
      );
    case 'hr':
      return <hr />;
    case 'table':
      return table(token as Tokens.Table, place);
    case 'html':
      return <p>{token.raw.trim()}</p>;
    default:
      return inline(token, place);
  }
}

/** Below the headings of the page around it. */
function heading(depth: number, children: ComponentChildren): VNode {
  if (depth === 1) return <h3>{children}</h3>;
  if (depth === 2) return <h4>{children}</h4>;
  return <h5>{children}</h5>;
}

function list(token: Tokens.List, place: Place): VNode {
  const items = token.items.map((item) => (
    <li class={item.task ? 'md-task' : undefined}>{blocks(item.tokens, { ...place, depth: place.depth + 1 })}</li>
  ));
  if (!token.ordered) return <ul>{items}</ul>;
  return <ol start={typeof token.start === 'number' && token.start !== 1 ? token.start : undefined}>{items}</ol>;
}

function table(token: Tokens.Table, place: Place): VNode {
  return (
    <div class="md-table">
      <table>
        <thead>
          <tr>
            {token.header.map((cell) => (
              <th scope="col" class={alignment(cell)}>
                {inlines(cell.tokens, place)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row) => (
            <tr>
              {row.map((cell) => (
                <td class={alignment(cell)}>{inlines(cell.tokens, place)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function alignment(cell: Tokens.TableCell): string | undefined {
  return cell.align ? `md-${cell.align}` : undefined;
}

function inline(token: Tokens.Generic, outer: Place): ComponentChildren {
  if (outer.depth >= deepestNesting) return token.raw;
  const place = { ...outer, depth: outer.depth + 1 };
  switch (token.type) {
    case 'text':
      return token.tokens ? inlines(token.tokens, place) : words(decodeReferences((token as Tokens.Text).text));
    case 'escape':
      return (token as Tokens.Escape).text;
    case 'strong':
      return <strong>{inlines(token.tokens, place)}</strong>;
    case 'em':
      return <em>{inlines(token.tokens, place)}</em>;
    case 'del':
      return <del>{inlines(token.tokens, place)}</del>;
    case 'codespan':
      return <code>{(token as Tokens.Codespan).text}</code>;
    case 'br':
      return <br />;
    case 'checkbox':
      return (token as Tokens.Checkbox).checked ? '☑ ' : '☐ ';
    case 'link':
      return link(token as Tokens.Link, place);
    case 'image':
      return image(token as Tokens.Image, place);
    default:
      return token.raw;
  }
}

/**
 * Text in which `1–3` stays on one line: browsers break behind a dash, and a narrow bubble would end in `1–`. The
 * elements only forbid the break (`white-space: nowrap`), so that what is copied is what was written.
 */
function words(text: string): ComponentChildren {
  const parts = text.split(range);
  return parts.length === 1 ? text : parts.map((part, i) => (i % 2 ? <span class="md-range">{part}</span> : part));
}

/** Bounded, so that it never outgrows a bubble. */
const range = /([¥￥$]?\d[\d.,:]{0,7}%?[–—～〜][¥￥$]?\d[\d.,:]{0,7}%?)/;

function link(token: Tokens.Link, place: Place): ComponentChildren {
  if (articleFile.test(token.href)) return articleLink(token, place);
  const href = safeLink(token.autolink ? token.href : decodeReferences(token.href), place.base);
  const children = inlines(token.tokens, { ...place, inLink: true });
  if (!href || place.inLink) return children;
  return anchor(href, children);
}

/** A relative path to a markdown file: no scheme, no host, not from the root. */
const articleFile = /^(?![a-z][a-z0-9+.-]*:|[/\\])[^?#]*\.md(?:#.*)?$/i;

function articleLink(token: Tokens.Link, place: Place): ComponentChildren {
  const { onArticle } = place;
  const children = inlines(token.tokens, { ...place, inLink: true });
  if (!onArticle || place.inLink) return children;
  return (
    <button type="button" class="md-article" onClick={() => onArticle(decodeReferences(token.text))}>
      {children}
    </button>
  );
}

function image(token: Tokens.Image, place: Place): ComponentChildren {
  const alt = decodeReferences(token.text);
  const src = safeImage(decodeReferences(token.href), place.base);
  if (!src) return alt;
  const img = <img src={src} alt={alt} loading="lazy" decoding="async" referrerpolicy="no-referrer" />;
  return place.inLink ? img : anchor(src, img);
}

function anchor(href: string, children: ComponentChildren): VNode {
  return (
    <a href={href} target="_blank" rel="noopener">
      {children}
    </a>
  );
}
