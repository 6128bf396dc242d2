import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe-core finds seriously wrong within an element of the page, shadow roots included, one line each. */
export async function seriousFaults(page: Page, selector: string): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const where = JSON.stringify({ include: [[selector]] });
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${where}, { resultTypes: ['violations'] })`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help}: ${JSON.stringify(target)}`));
}
