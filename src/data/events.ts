/** What a visitor does on a page. */
export interface EventTemplate {
  readonly category: string;
  readonly action: string;
  readonly name: string;
  /** Whole numbers from min to max; null where the event carries no value. */
  readonly value: { readonly min: number; readonly max: number } | null;
}

/** Clicks. */
export const clickEvents = [
  { category: 'Button', action: 'Click', name: 'Add to cart', value: null },
  { category: 'Button', action: 'Click', name: 'Add to wish list', value: null },
  { category: 'Button', action: 'Click', name: 'Compare products', value: null },
  { category: 'Button', action: 'Click', name: 'Show more reviews', value: null },
  { category: 'Button', action: 'Click', name: 'Request a quote', value: null },
  { category: 'Button', action: 'Click', name: 'Book a demonstration', value: null },
  { category: 'Navigation', action: 'Click', name: 'Main menu', value: null },
  { category: 'Navigation', action: 'Click', name: 'Breadcrumb', value: null },
  { category: 'Navigation', action: 'Click', name: 'Footer link', value: null },
  { category: 'Navigation', action: 'Click', name: 'Back to top', value: null },
  { category: 'Navigation', action: 'Click', name: 'Language switch', value: null },
  { category: 'Filter', action: 'Select', name: 'Price', value: { min: 10, max: 500 } },
  { category: 'Filter', action: 'Select', name: 'Brand', value: null },
  { category: 'Filter', action: 'Select', name: 'In stock', value: null },
  { category: 'Gallery', action: 'Open', name: 'Product image', value: { min: 1, max: 8 } },
  { category: 'Gallery', action: 'Next', name: 'Product image', value: { min: 2, max: 8 } },
  { category: 'Tab', action: 'Open', name: 'Specifications', value: null },
  { category: 'Tab', action: 'Open', name: 'Reviews', value: null },
  { category: 'Share', action: 'Click', name: 'Copy link', value: null },
  { category: 'Contact', action: 'Click', name: 'Telephone number', value: null },
  { category: 'Contact', action: 'Click', name: 'E-mail address', value: null },
  { category: 'Banner', action: 'Click', name: 'Season sale', value: null },
] as const satisfies readonly EventTemplate[];

/** What a page notices while it is read: scrolling, video, forms. */
export const behaviourEvents = [
  { category: 'Scroll', action: 'Depth', name: '25 percent', value: { min: 25, max: 25 } },
  { category: 'Scroll', action: 'Depth', name: '50 percent', value: { min: 50, max: 50 } },
  { category: 'Scroll', action: 'Depth', name: '75 percent', value: { min: 75, max: 75 } },
  { category: 'Scroll', action: 'Depth', name: '100 percent', value: { min: 100, max: 100 } },
  { category: 'Video', action: 'Play', name: 'Product tour', value: null },
  { category: 'Video', action: 'Pause', name: 'Product tour', value: { min: 5, max: 170 } },
  { category: 'Video', action: 'Finish', name: 'Product tour', value: { min: 180, max: 180 } },
  { category: 'Form', action: 'Start', name: 'Contact form', value: null },
  { category: 'Form', action: 'Field error', name: 'Contact form', value: { min: 1, max: 4 } },
  { category: 'Form', action: 'Abandon', name: 'Contact form', value: { min: 1, max: 6 } },
  { category: 'Form', action: 'Start', name: 'Newsletter', value: null },
  { category: 'Engagement', action: 'Time on page', name: 'One minute', value: { min: 60, max: 60 } },
  { category: 'Engagement', action: 'Text copied', name: 'Article', value: { min: 8, max: 240 } },
  { category: 'Engagement', action: 'Printed', name: 'Article', value: null },
  { category: 'Feedback', action: 'Helpful', name: 'Yes', value: { min: 1, max: 1 } },
  { category: 'Feedback', action: 'Helpful', name: 'No', value: null },
] as const satisfies readonly EventTemplate[];
