/**
 * An article's body as it is said in a chat. A link to another article's file leads nowhere there, so its text stays,
 * in quotation marks, and the picture of a relative path becomes its description.
 */
export function saidBody(body: string): string {
  return body.replace(relativeLink, (_link, image: string, label: string) => (image ? label : `「${label}」`));
}

const relativeLink = /(!?)\[([^\]\n]*)\]\((?![a-z][a-z0-9+.-]*:|\/\/)[^)\n]*\)/giu;
