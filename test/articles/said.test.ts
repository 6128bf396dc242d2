import { saidBody } from '../../src/articles/said.ts';

describe('an article as it is said in a chat', () => {
  it('keeps the text of a link to another article, which leads nowhere there', () => {
    expect(saidBody('先看[退款多久到账](../refunds/refund-time.md)。')).toBe('先看「退款多久到账」。');
    expect(saidBody('见[上文](#anchor)')).toBe('见「上文」');
  });

  it('keeps links to the web and to mail as they are', () => {
    const body = '[官网](https://example.org/a) [写信](mailto:a@example.org) ![图](https://example.org/a.png)';
    expect(saidBody(body)).toBe(body);
  });

  it('names a picture that has no address in a chat', () => {
    expect(saidBody('![接口示意图](./port.png)')).toBe('接口示意图');
  });
});
