/** What can be found, how bad it is, what it means, and what to do. The table of docs/validation.md comes from here. */
export const findingCodes = {
  ADDRESS_NOT_FOUND: {
    level: 'error',
    means: 'the name of the host has no address',
    toDo: 'Check the host in the URL, and that this machine can look it up.',
  },
  CONNECTION_REFUSED: {
    level: 'error',
    means: 'nothing listens at this host and port',
    toDo: 'Check host and port of the URL, and that the server runs.',
  },
  CONNECTION_TIMEOUT: {
    level: 'error',
    means: 'no connection in time',
    toDo: 'Check host and port, and whether a firewall stands between. --timeout and connectTimeout (TRAFFICINATOR_CONNECT_TIMEOUT) wait longer.',
  },
  CONNECTION_FAILED: {
    level: 'error',
    means: 'the connection broke before there was an answer',
    toDo: 'Check that the URL is that of a web server, and look into its log.',
  },
  NO_TLS: {
    level: 'error',
    means: 'an https URL, and the port does not speak TLS',
    toDo: 'Write http:// in the URL, or the port that speaks TLS.',
  },
  CERTIFICATE_EXPIRED: {
    level: 'error',
    means: "the server's certificate is over, or not valid yet",
    toDo: 'Renew the certificate, and check the clocks of both machines.',
  },
  CERTIFICATE_NOT_TRUSTED: {
    level: 'error',
    means: "the server's certificate is of its own making, or of an authority that Node does not know",
    toDo: 'Name the certificate, or that of its authority, in tls.ca of the target (TARGET_TLS_CA).',
  },
  CERTIFICATE_OTHER_NAME: {
    level: 'error',
    means: 'the certificate is for another name',
    toDo: 'Use the name in the certificate as the host of the URL, or say it in tls.serverName of the target (TARGET_TLS_SERVER_NAME).',
  },
  TLS_FAILED: {
    level: 'error',
    means: 'no TLS connection came about',
    toDo: 'Check that server and Node have a version of TLS in common.',
  },
  NO_ANSWER: {
    level: 'error',
    means: 'connected, and no whole answer in time',
    toDo: 'Look at what keeps the server busy; --timeout waits longer.',
  },
  TRACKER: { level: 'ok', means: "Matomo's tracker answers and knows the site", toDo: '' },
  NO_SUCH_SITE: {
    level: 'error',
    means: 'the tracker does not know the site',
    toDo: 'Check --site-id against Administration → Websites → Manage in Matomo.',
  },
  REDIRECTED: {
    level: 'error',
    means: 'the tracking URL leads elsewhere, and hits are not sent on',
    toDo: 'Give the address it leads to as the URL, if that is the tracker; a login page means that a proxy lets nobody in.',
  },
  NOT_FOUND: {
    level: 'error',
    means: 'the server has nothing at this URL',
    toDo: 'Give the address of matomo.php, with the folder Matomo is in.',
  },
  FORBIDDEN: {
    level: 'error',
    means: 'the server lets nobody in at this URL',
    toDo: 'Check whether a proxy or firewall asks for a password, which headers can carry, or admits known addresses only.',
  },
  SERVER_UNAVAILABLE: {
    level: 'error',
    means: 'the server is overloaded, in maintenance, or its tracking is switched off',
    toDo: 'Look at record_statistics and maintenance_mode in its config.ini.php, or try again later.',
  },
  SERVER_FAILED: {
    level: 'error',
    means: 'the server failed',
    toDo: "Look into the server's error log; Matomo answers so without its database, too.",
  },
  NOT_A_TRACKER: {
    level: 'error',
    means: "something answers that is not Matomo's tracker",
    toDo: "Give the address of matomo.php. A proxy's login page looks like this, too.",
  },
  BULK_MISSING: {
    level: 'error',
    means: 'hits are to be sent many a request, and the plugin BulkTracking is off',
    toDo: 'Activate the plugin BulkTracking, or use --transport single.',
  },
  QUEUED: {
    level: 'warning',
    means: 'hits go into a queue (plugin QueuedTracking): an accepted one is not yet recorded',
    toDo: 'Let the queue be processed, and give verification time with --wait.',
  },
  CLOCK_BEHIND: { level: 'ok', means: "the server's clock is behind: visits are dated earlier", toDo: '' },
  CLOCK_FAR_OFF: {
    level: 'warning',
    means: "the server's clock is more than an hour off",
    toDo: 'Set the clock of the server or of this machine: visits would be recorded at odd times.',
  },
  NO_TOKEN: {
    level: 'ok',
    means:
      'no addresses, no countries and nothing older than a day is sent, and the site cannot be looked at',
    toDo: 'A token with write access to the site (MATOMO_TOKEN_AUTH, or tokenEnv of the target) allows all that; one in MATOMO_API_TOKEN, or apiTokenEnv, only looks.',
  },
  TOKEN_GOOD: { level: 'ok', means: 'the token may write to the site', toDo: '' },
  TOKEN_REFUSED: {
    level: 'error',
    means: 'the server does not know the token',
    toDo: 'Check its variable, and make a new token under Administration → Personal → Security. A new one can take five minutes to be known.',
  },
  TOKEN_MAY_NOT_WRITE: {
    level: 'error',
    means: 'the token may not write to the site, and hits would be refused with it',
    toDo: 'Give its user write access to the site, or set traffic.randomizeCountries (RANDOMIZE_VISITOR_COUNTRIES) to false.',
  },
  TOKEN_NOT_TAKEN: {
    level: 'error',
    means: 'the tracker refused the token',
    toDo: 'Make a token without “Only allow secure requests”: the tracker takes no such token in a bulk. A new token, or new access, can take five minutes to be known.',
  },
  TOKEN_UNCHECKED: {
    level: 'warning',
    means: 'whether the tracker takes the token could not be asked without a hit',
    toDo: 'The first hits will show.',
  },
  TOKEN_SUPERUSER: {
    level: 'warning',
    means: "a superuser's token does more than it needs to",
    toDo: 'Make a user with write access to this site only, and use its token.',
  },
  API_UNREACHABLE: {
    level: 'warning',
    means: 'the Reporting API gave no answer: the site cannot be looked at, or verified',
    toDo: 'Check --api-url (apiUrl of the target); without it, it is index.php beside the tracking endpoint.',
  },
  SITE_HIDDEN: {
    level: 'warning',
    means: 'the token may not view the site: it cannot be looked at, or verified',
    toDo: 'Give its user at least view access to the site, or use another token in MATOMO_API_TOKEN.',
  },
  SITE: { level: 'ok', means: 'what the site is', toDo: '' },
  SEARCH_OFF: {
    level: 'error',
    means: 'searches are planned, and site search is off: they would be recorded as page views',
    toDo: 'Switch site search on for the site, or set traffic.searchProbability (SITESEARCH_PROBABILITY) to 0.',
  },
  PAGES_ARE_SEARCHES: {
    level: 'error',
    means:
      'page URLs hold a parameter by which the site knows searches: page views would be recorded as searches',
    toDo: "Take the parameter out of the page list or out of the site's search parameters.",
  },
  PAGES_UNKNOWN: {
    level: 'error',
    means: "pages are not among the site's URLs, and the site tracks known URLs only",
    toDo: "Add their host to the site's URLs, or switch “Only track visits and actions when the action URL starts with one of the above URLs” off.",
  },
  ADDRESSES_EXCLUDED: {
    level: 'error',
    means: 'visitors have addresses that are excluded from tracking',
    toDo: 'Take the range out of the excluded IPs (of the site or of all sites), or set traffic.randomizeCountries (RANDOMIZE_VISITOR_COUNTRIES) to false.',
  },
  FEW_ADDRESSES_EXCLUDED: {
    level: 'warning',
    means: 'so few addresses are excluded that hardly a visit of the plan has one',
    toDo: 'A long run may lose a visit by it, which verification calls lost.',
  },
  OWN_ADDRESS_EXCLUDED: {
    level: 'warning',
    means: "this machine's own address is excluded, and visitors have no addresses of their own",
    toDo: 'Take it out of the excluded IPs, unless the server sees another address of yours.',
  },
  AGENTS_EXCLUDED: {
    level: 'error',
    means: 'visitors have browsers that are excluded from tracking',
    toDo: 'Take the entry out of the excluded user agents (of the site or of all sites).',
  },
  AGENTS_UNCHECKED: {
    level: 'warning',
    means: 'a pattern of excluded user agents cannot be read here',
    toDo: 'Check by hand that it matches no common browser.',
  },
  PARAMETERS_EXCLUDED: {
    level: 'warning',
    means: 'page URLs hold parameters that Matomo takes out of them',
    toDo: 'Pages that differ by nothing else become one page in reports.',
  },
  EXCLUSIONS_HIDDEN: {
    level: 'ok',
    means: 'only administrators are told what is excluded on the whole server',
    toDo: '',
  },
  GOAL_UNKNOWN: {
    level: 'error',
    means: 'a planned goal does not exist on the site: its hits would be refused',
    toDo: 'Make the goal in Matomo, or use the number of one that exists.',
  },
  GOALS_MATCH_PAGES: {
    level: 'warning',
    means:
      'pages reach goals of the site by themselves: conversions that are not in the plan, and a second more of some visits',
    toDo: 'Leave the pages or the goals out, or expect verification to tell of it.',
  },
  DIMENSION_UNKNOWN: {
    level: 'error',
    means: 'a planned custom dimension is not in use on the site: its values would be dropped',
    toDo: 'Make the dimension in Matomo, or use the number of one that is active.',
  },
  SHOP_OFF: {
    level: 'warning',
    means: 'orders are planned, and the site is no shop: they are recorded, and no report shows them',
    toDo: 'Switch e-commerce on for the site, or set traffic.ecommerce.probability (ECOMMERCE_PROBABILITY) to 0.',
  },
  OTHER_CURRENCY: {
    level: 'warning',
    means: "the site's currency is not that of the orders, and Matomo takes the numbers for its own",
    toDo: 'Set traffic.ecommerce.currency (ECOMMERCE_CURRENCY) to that of the site.',
  },
  OTHER_TIMEZONE: {
    level: 'warning',
    means: "the site's time zone is not the configured one; the site's is used",
    toDo: 'Set timezone (TIMEZONE) to that of the site.',
  },
  CREATED_LATER: {
    level: 'warning',
    means: 'visits are dated before the site was made: Matomo sets its creation date back with them',
    toDo: 'Begin later, where the creation date of the site is to stay.',
  },
  LOGS_MAY_BE_DELETED: {
    level: 'warning',
    means:
      'visits are so old that a server which deletes old logs may delete them before their reports are made; no API tells whether it does',
    toDo: 'Look at Administration → Privacy → Anonymise data, "Regularly delete old raw data", or archive at once.',
  },
  TODAY_INCLUDED: {
    level: 'warning',
    means: 'today is filled too, and its reports may be kept for a quarter of an hour',
    toDo: 'End the window yesterday, or have the reports made anew with --invalidate.',
  },
  VERSION: { level: 'ok', means: 'which Matomo it is', toDo: '' },
  VERSION_OLD: {
    level: 'warning',
    means: 'a Matomo older than 4 may record visits otherwise',
    toDo: 'Upgrade it, or verify every run.',
  },
  VERSION_NEW: {
    level: 'warning',
    means: 'a Matomo newer than what trafficinator was tested with may record visits otherwise',
    toDo: 'Verify the first runs with --verify.',
  },
  SPAM_PREVENTION: {
    level: 'warning',
    means:
      'the plugin TrackingSpamPrevention is on: it can drop addresses of data centres and visits of many actions',
    toDo: 'Switch off what it blocks, or the plugin, while the run lasts.',
  },
  NO_OTHER_VISITS: {
    level: 'ok',
    means: 'the site has no visits today but those of remembered runs',
    toDo: '',
  },
  PRODUCTION_SITE: {
    level: 'warning',
    means: 'the site has visits today that no remembered run made: it may be somebody’s real statistics',
    toDo: 'A run asks before it sends; --yes, or testSite: true on the target (TARGET_TEST_SITE=true), says that it may.',
  },
  PRODUCTION_UNKNOWN: {
    level: 'warning',
    means: 'whether the site has real visits could not be asked',
    toDo: 'Make sure yourself that it is a test site.',
  },
} as const satisfies Readonly<Record<string, FindingCodeMeaning>>;

interface FindingCodeMeaning {
  readonly level: FindingLevel;
  /** What it says of a target, as the rest of a sentence. */
  readonly means: string;
  /** What a person can do; '' where there is nothing to do. */
  readonly toDo: string;
}

/** `error`: something would not be recorded as planned. `warning`: look at it. `ok`: as it should be, or good to know. */
export type FindingLevel = 'ok' | 'warning' | 'error';

/** Stable: scripts may rely on it. */
export type FindingCode = keyof typeof findingCodes;
