import * as z from 'zod';

/** 1 and 0, also as text: Matomo writes a switch either way. */
export const toggle = z
  .union([z.number(), z.string(), z.boolean()])
  .transform(value => value === true || Number(value) === 1);

/** A list in one text, divided by commas; nothing and `false` are empty. */
export const commaList = z
  .union([z.string(), z.literal(false)])
  .nullish()
  .transform(text => (text || '').split(',').flatMap(part => (part.trim() === '' ? [] : [part.trim()])));
