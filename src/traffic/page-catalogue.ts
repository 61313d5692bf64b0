import { pageCategories } from '../data/page-words.ts';
import type { Page } from './pages.ts';

/**
 * The page list of a site that brings none: 2,000 pages on three levels, 10 categories × 5 subcategories ×
 * 40 pages, always the same. There is no home page and none of the folders is a page.
 *
 * @param base where the site is, with or without a slash at its end
 */
export function generatedPages(base = 'https://shop.example'): readonly Page[] {
  const root = base.replace(/\/+$/, '');
  return pageCategories.flatMap(category =>
    category.subcategories.flatMap(subcategory => {
      const folder = `${root}/${slug(category.name)}/${slug(subcategory.name)}`;
      return subcategory.subjects.flatMap(subject =>
        category.angles.map(angle => ({
          url: `${folder}/${slug(`${subject} ${angle}`)}`,
          title: `${subject}: ${angle} - ${subcategory.name} - ${category.name}`,
        })),
      );
    }),
  );
}

function slug(words: string): string {
  return words.toLowerCase().replaceAll(' ', '-');
}
