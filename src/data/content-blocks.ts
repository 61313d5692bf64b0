/** A block of a page whose views and clicks are counted apart from the page's. */
export interface ContentBlock {
  readonly name: string;
  /** What the block shows: a picture, a text. */
  readonly piece: string;
  /** Where it leads to: a path on the site. */
  readonly target: string;
  readonly interaction: string;
}

export const contentBlocks = [
  { name: 'Hero banner', piece: 'autumn-sale.jpg', target: '/campaigns/autumn-sale', interaction: 'click' },
  { name: 'Hero banner', piece: 'new-arrivals.jpg', target: '/campaigns/new-arrivals', interaction: 'click' },
  { name: 'Newsletter box', piece: 'Ten per cent off', target: '/newsletter', interaction: 'submit' },
  {
    name: 'Recommended',
    piece: 'Often bought together',
    target: '/recommended/together',
    interaction: 'click',
  },
  { name: 'Recommended', piece: 'You may also like', target: '/recommended/similar', interaction: 'click' },
  {
    name: 'Video teaser',
    piece: 'how-it-is-made.mp4',
    target: '/videos/how-it-is-made',
    interaction: 'play',
  },
  { name: 'Side bar', piece: 'Buying guide', target: '/guides/buying', interaction: 'click' },
  { name: 'Footer', piece: 'Free returns', target: '/help/returns', interaction: 'click' },
] as const satisfies readonly ContentBlock[];
