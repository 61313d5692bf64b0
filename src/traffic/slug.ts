/** Words as they stand in an address: `Chef’s knife` → `chefs-knife`. */
export function slug(words: string): string {
  return words.toLowerCase().replaceAll(/[’']/g, '').replaceAll(' ', '-');
}
