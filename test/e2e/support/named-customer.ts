import type { ServedDesk } from './served-desk.ts';
import { eventually } from './watched-page.ts';

/** A customer whom the shop's own back end has given a name, over Direct Line, without a browser. */
export class NamedCustomer {
  private readonly url: string;
  private readonly token: string;

  private constructor(url: string, token: string) {
    this.url = url;
    this.token = token;
  }

  static async arrives(desk: ServedDesk, name: string, locale = 'zh-Hans'): Promise<NamedCustomer> {
    const base = `${desk.url}/v3/directline`;
    const user = { id: `dl_${crypto.randomUUID()}`, name };
    const { token } = await call<{ token: string }>(`${base}/tokens/generate`, desk.directLineSecret, { user });
    const { conversationId } = await call<{ conversationId: string }>(`${base}/conversations`, token, { locale });
    return new NamedCustomer(`${base}/conversations/${conversationId}/activities`, token);
  }

  async says(text: string): Promise<string> {
    return (await call<{ id: string }>(this.url, this.token, { type: 'message', text })).id;
  }

  /** Says it, and waits for the bot's reply. */
  async asks(text: string): Promise<void> {
    const id = await this.says(text);
    await eventually(async () => (await this.activities()).some(({ replyToId }) => replyToId === id), true);
  }

  private async activities(): Promise<readonly { readonly replyToId?: string }[]> {
    return (await call<{ activities: { replyToId?: string }[] }>(this.url, this.token)).activities;
  }
}

async function call<T>(url: string, token: string, body?: unknown): Promise<T> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
